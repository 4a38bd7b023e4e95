"""What readers send: read within bounds of size and time, and taken apart without trust."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

MOST_BYTES = 4096
MOST_SECONDS = 10.0
_FORM = "application/x-www-form-urlencoded"


async def body(request: Request) -> bytes:
    """The whole body.

    Raises:
        HTTPException: 413 when it is larger than 4 kB, 408 when it does not come in ten seconds,
            400 when the sender hangs up.
    """
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > MOST_BYTES:
        raise HTTPException(413)
    parts, size = [], 0
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MOST_BYTES:
                    raise HTTPException(413)
                parts.append(part)
    except TimeoutError as error:
        raise HTTPException(408) from error
    except ClientDisconnect as error:
        raise HTTPException(400) from error
    return b"".join(parts)


async def form(request: Request) -> dict[str, str]:
    """The fields of an ordinary form, each once.

    Raises:
        HTTPException: as :func:`body`, and 400 when it is no such form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    sent = await body(request)
    if kind != _FORM:
        raise HTTPException(400)
    try:
        fields = parse_qs(
            sent.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict",
            max_num_fields=10,
        )  # fmt: skip
    except ValueError as error:
        raise HTTPException(400) from error
    if any(len(values) > 1 for values in fields.values()):
        raise HTTPException(400)
    return {name: values[0] for name, values in fields.items()}
