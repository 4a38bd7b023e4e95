"""How instructions to a machine or a reader are worded, in English, Ukrainian and Russian.

The texts are those that a reader sees; see :mod:`briefing.text.instructions`.
"""

from __future__ import annotations

import re
from typing import Literal

CONTROL_TOKEN = re.compile(
    r"<\s?[|｜][^|｜<>]{0,60}[|｜]\s?>|\[/?\s?INST\s?\]|<<\s?/?\s?SYS\s?>>|</s>|<s>\s*\["
    r"|<(?:start|end)_of_(?:turn|text|image|sequence)>|<(?:bos|eos|pad|unk|mask|sep|cls)>"
    r"|\[(?:BOS|EOS|PAD|MASK|SEP|CLS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS)\]"
    r"|</?\s?(?:system|assistant|user|human|instructions?|prompt|think|tool_call|document)\s?>"
    r"|#{2,}\s*(?:new\s+)?(?:instructions?|response|input|output|system|user|assistant|human|prompt"
    r"|task)\b"
    r"|(?:^|[.!?…\"”»]\s+|\n)(?:system|assistant|user|human|developer|ai)\s*:(?=\s)(?!\s*\d)",
    re.I,
)
"""Marks by which chat models tell whose turn it is: those of ChatML, Llama 2 and 3, Gemma, Mistral,
DeepSeek, Alpaca, BERT, and their roles at the beginning of a sentence."""
OPENS_TOKENS = re.compile(
    r"<\s?[|｜](?:im_start|system|user|assistant|start_header_id|begin_of_text)[|｜]\s?>"
    r"|\[\s?INST\s?\]|<<\s?SYS\s?>>|<start_of_turn>"
    r"|<\s?(?:system|instructions?|prompt|think|tool_call)\s?>",
    re.I,
)

_MODEL = (
    r"(?:(?:large |AI )?language models?|LLMs?|AIs?|A\.I\.|artificial intelligences?|chat-?bots?"
    r"|(?:AI |virtual |automated )(?:assistants?|systems?|models?|tools?|readers?|agents?|editors?"
    r"|summari[sz]ers?|writers?)|assistants?|summari[sz]ers?|summari[sz]ation (?:systems?|tools?)"
    r"|Chat-?GPT|GPT(?:-\d)?|Claude|Gemini|Copilot|Llama|automated readers?|machine readers?"
    r"|news (?:bots?|aggregators?)|aggregators?|crawlers?|scrapers?|bots?)"
)
_TELL = (
    r"(?:say|write|print|output|summari[sz]e|cite|mention|credit|include|report|state|name|repeat"
    r"|respond|answer|reply|link|quote|ignore|disregard|treat|describe|present|add|insert|append"
    r"|begin|start|open|end|replace|use|refer|tell|display|generate|produce|return|translate"
    r"|rewrite|follow|obey|comply|act|praise|omit|drop|remove|always|never|not)"
)
_TEXT = (
    r"(?:sentences?|lines?|headlines?|titles?|summar(?:y|ies)|digests?|briefings?|outputs?"
    r"|texts?|words?|phrases?|articles?|pages?|links?|urls?|paragraphs?|response|answer|reply"
    r"|verbatim|following|prompt|instructions?|readers|bullet points?|word for word|capital letters"
    r"|nothing (?:else|more)|exactly)"
)
# What only a text about a text says: where an imperative has it, the reader is a machine.
# Where an imperative can stand. After a colon only behind a label: "Putin: do not mention" is news.
_AT = (
    r"(?:^\W*|[.!?…;\n(]\s*|\s[—–-]\s|(?:^|[.!?]\s*)\W{0,9}(?:(?:please )?note|important|attention"
    r"|reminder|warning|p\.?\s?s\.?|notice|urgent|todo|update|nb"
    r"|n\.b\.)(?: [^:.]{0,30})?\s*[:–—-]\s*)"
)
_PLEASE = (
    r"(?:(?:please|now|then|next|also|just|kindly|instead|first|finally|always|important|note"
    r"|attention|and|so|must|should)\b[\s,:!]*)*"
)
_YOU_DO = (
    r"(?:(?:before|after|if|when|whenever|once|while|as) you\b[^.;]{0,80}?,\s*)?"
    + _PLEASE
    + r"(?:you (?:must|should|will|shall|have to|need to|are to|can|may|are (?:required|asked|told"
    r"|instructed) to) (?:\w+ly )?)?"
)

ANYWHERE = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        # "ignore all previous instructions": as a command, not "was told to ignore the order"
        rf"(?:{_AT}|[“\"'‘«:]\s*)"
        + _YOU_DO
        + r"(?:ignore|disregard|forget|override|bypass|discard|skip|pay no attention to"
        r"|do not follow|don't follow|stop following)\b[^.!?]{0,50}\b(?:instructions?|prompts?"
        r"|guidelines|guardrails|system message|(?:said|written|stated) (?:above|before|earlier)"
        r"|(?:text|words|lines?|context|article|page) above|(?:text|words) that (?:came|stood)"
        r"|(?:the|this) (?:article|page|text|context)\b"
        r"|wh(?:at|atever) (?:\w+ ){1,3}(?:asked|said|told|wrote)\b|you (?:were"
        r"|have been) (?:told|given|asked))",
        r"(?<!to )\b(?:ignore|disregard|forget|override)\s+(?:(?:all|any|the|your|of|these"
        r"|those)\s+){0,3}"
        r"(?:previous|prior|preceding|earlier|above|system)\s+(?:instructions?\s+and\b|prompts?\b)",
        # the machine by what it does, or by its name
        r"\b(?:systems?|machines?|models?|software|tools?|robots?|algorithms?|programs?|engines?"
        r"|transformers?)(?: that| which)? (?:read(?:s|ing)?|process(?:es|ing)?|pars(?:es?|ing)"
        r"|summari[sz](?:es?|ing)|condens(?:es?|ing)) (?:this|these)\b",
        r"\bby (?:reading|processing|parsing|summari[sz]ing) this\b",
        r"\binstructions? (?:embedded|hidden|contained|given|written) (?:here|above|below"
        r"|in this)\b",
        r"(?:^|[.!?]\s*)\W{0,9}[^:.!?]{0,30}\bfor (?:the |all )?(?:robots?|machines?|bots?|models?"
        r"|crawlers?"
        r"|language[ -]\w+ (?:tools?|systems?))\s*:",
        r"(?:^|[.!?]\s*)\W{0,9}override (?:code|command|key)\b",
        rf"\bas an? {_MODEL}\b[^.]{{0,10}}\b(?:you|your)\b|\bas an? (?:AI"
        rf"|large)? ?language model\b",
        rf"(?:\b(?:dear|hey|hello|attention|to all|to any|to every)|\b(?:notes?|messages?"
        rf"|instructions?|warning|notice|reminder|memo) (?:to|for)|\bif you(?:'re| are))\s+"
        rf"(?:(?:an?|the|any|all|every|our)\s+)?{_MODEL}\b",
        rf"\b(?:AI|LLM|language model|{_MODEL})\b[^.!?]{{0,40}}?\b(?:must|should|shall|are to|is to"
        rf"|have to|has to|needs? to|(?:is|are) (?:required|instructed|asked|told) to)\s+"
        rf"(?:\w+ly\s+)?{_TELL}\b",
        r"\byou are (?:now |no longer )?(?:an? |the )?(?:\w+ )?(?:AI\b|language model|chatbot"
        r"|LLM\b|summari[sz]er|assistant\b)",
        # fake messages of a system
        r"(?:^|[.!?\]\n]\s*)\W{0,9}(?:system (?:messages?|prompts?|notes?|notices?|overrides?"
        r"|instructions?|updates?)|(?:new|important|urgent|updated|final|hidden|secret|admin\w*"
        r"|developer) (?:tasks?|instructions?|prompts?|directives?|system \w+)|prompt|task"
        r"|instructions?(?: (?:for|to) [^:]{1,60})?|admin(?:istrator)? (?:note|message|override))"
        r"\s*[:=]",
        r"\b(?:system prompt|developer mode|jailbreak mode|prompt injection payload)\b\s*[:=]",
        r"\b(?:begin|end|start) of (?:the )?(?:system )?(?:prompt|instructions|context|conversation"
        r"|user (?:input|message))\b",
        # the summary that is being made
        r"\b(?:as|in) (?:a |this |the |your )?(?:part of )?(?:a |this |the |your )?prompt\b"
        r"(?=[^.]{0,40}\b(?:respond|answer|reply|write|print|say)\b)",
        r"\b(?:any|every|the|your|this|for|a) (?:\w+ )?(?:summary|digest|briefing|synopsis"
        r"|abstract)"
        r" of (?:this|the) (?:article|page|text|report|story)\b[^.]{0,60}"
        r"(?:\b(?:must|should|please|has to|needs to|is to)\b|:)",
        r"\bfor the purposes? of (?:this|the|your|any) (?:summary|digest|briefing|prompt|task)\b",
        r"\b(?:please )?(?:add|include|insert|append|put|use|repeat|print|mention"
        r"|quote)\b[^.!?]{0,80}"
        r"\b(?:to|in|into) (?:any|your|every|the|all|its|their) (?:\w+ )?(?:summar(?:y|ies)"
        r"|digests?"
        r"|briefings?|outputs?|synops[ei]s)\b(?! of the (?:meeting|year|war|day))",
        r"\bin your (?:output|summary|digest|answer|response|reply|briefing|headline)\b"
        r"(?=[^.]{0,80}\b(?:must|should|please|say|write|with)\b|\s*$)",
        # Ukrainian and Russian: the machine, and what it is told to forget
        r"(?<!\w)для (?:робот|машин|бот|(?:мовн|языков)\w+ модел)\w*\s*:",
        r"(?<!\w)(?:хто|кто) (?:складає|готує|пише|узагальнює|готовит|составляет|пишет|обобщает)"
        r" (?:зведення|дайджест|підсумок|резюме|огляд|сводку|обзор|итог)(?!\w)",
        r"(?<!\w)(?:мовн\w+ модел\w+|штучн\w+ інтелект\w*|ші|нейромереж\w*|чат-?бот\w*"
        r"|языков\w+ модел\w+|искусственн\w+ интеллект\w*|ии|нейросет\w+|ассистент\w*|асистент\w*)"
        r"\s*[,:!—–-]\s*[^.!?]{0,80}(?<!\w)(?:ти|ты|тобі|тебе|обов'язково|обязательно|"
        r"\w+(?:й|йте|ть|іть|ите|ьте|и))(?!\w)",
        r"(?<!\w)(?:шановн\w+|уважаем\w+|дорог\w+|любий|увага|внимание|инструкци\w+ для"
        r"|інструкці\w+ для|сообщение для|повідомлення для|примечание для|примітка для"
        r"|если ты(?: —| -)?|якщо ти(?: —| -)?|ты теперь|ти тепер|ты —|ти —|как|як)[\s,:]+"
        r"(?:мовн\w+ модел|штучн\w+ інтелект|ші(?!\w)|нейромереж|чат-?бот|языков\w+ модел"
        r"|искусственн\w+ интеллект|ии(?!\w)|нейросет|ассистент|асистент|llm|gpt)"
        r"(?=\w*(?:[\s,:!—–-]+[^.!?]{0,60})?(?:[,:!]|(?<!\w)(?:ты|ти|ты|твой)(?!\w)))",
        r"(?<!\w)(?:про)?(?:ігноруй|игнорируй|забудь|знехтуй|відкинь|отбрось|отмени|скасуй"
        r"|не зважай|не обращай внимания)(?:те|мо)?(?!\w)[^.!?]{0,60}(?:інструкці|инструкци|вказівк"
        r"|указани|команд|промпт|правил|попередн|предыдущ|вище|выше|контекст)",
        r"(?:^|[.!?]\s*)\W{0,9}(?:системн\w+ (?:сообщени|повідомленн|запрос|запит|промпт)\w*"
        r"|инструкци\w+|інструкці\w+|нов\w+ (?:задани|завданн|инструкци|інструкці)\w*|система"
        r"|промпт|задание|завдання)(?: (?:для|до) [^:]{1,40})?\s*:",
    )
)
"""Words to a machine, also inside quotation marks."""

_DO_TEXT = (
    r"(?:summari[sz]e|rewrite|paraphrase|translate|print|output|display|repeat|append|prepend"
    r"|insert|add|include|put|place|quote|cite|credit|mention|begin|start|open|end|finish|reply"
    r"|respond|answer|replace|write|decode|generate|produce|refer|link|name|describe|present|return"
    r"|copy|paste|echo|reproduce)"
)
# "Answer to the strike", "End of the war", "Name is in the report": nouns.
_NO_NOUN = (
    r"(?!(?:\s*[,:;]|\s+(?:of|is|was|were|are|in|from|for|will|would|and|or|on|at|by|may|can|could"
    r"|has|had|have|between|over|against|as|after|before|when|who|which))\b)(?<!answer(?=\s+to))"
    r"(?<!reply(?=\s+to))(?<!return(?=\s+to))"
)
_NEVER_TEXT = (
    r"(?:mention|cite|refer to|include|summari[sz]e|quote|print|reveal|repeat|write about|output"
    r"|link to|credit|tell (?:the|your|any) (?:readers?|users?))"
)

UNQUOTED: dict[Literal["machine", "reader"], tuple[re.Pattern[str], ...]] = {
    "machine": tuple(
        re.compile(pattern, re.I)
        for pattern in (
            rf"{_AT}{_YOU_DO}{_DO_TEXT}\b(?!['-]){_NO_NOUN}[^.!?]{{0,120}}?\b{_TEXT}\b",
            rf"{_AT}(?:from now on,? )?you (?:are|act as) (?:now|from now on|henceforth"
            rf"|no longer)\b",
            rf"{_AT}{_YOU_DO}(?:summari[sz]e|describe|rewrite|present|report|treat|translate|quote)"
            r" (?:this|it|the (?:article|page|text|story|report))\b",
            r"\byour (?:\w+ )?(?:digest|synopsis|summary|briefing|overview|headline|output|answer"
            r"|response|readers)\b",
            r"\b(?:headline|title|summary|digest|synopsis) (?:for|of) this (?:story|article|report"
            r"|page|text)\b",
            r"\b(?:any|every|the|resulting|this) (?:\w+ )?(?:synopsis|digest|summary|overview"
            r"|abstract"
            r"|recap)\b[^.!?]{0,30}\b(?:must|should|has to|needs to|ought to"
            r"|is to) (?:\w+ )?(?:name"
            r"|mention|quote|cite|include|contain|lead|open|begin|say|call|credit)\b",
            r"\b(?:whoever|anyone (?:who|preparing|summari[sz]ing|condensing)|those who) (?:\w+ )?"
            r"(?:summari[sz]es?|condenses?|retells?|a|an|the) ?(?:this|summary|digest|overview)\b",
            r"\b(?:sentences?|words?|lines?|answers?|responses?|texts?"
            r"|outputs?)(?: that)? you (?:produce"
            r"|write|generate|print|give|return|may use|use)\b",
            r"\b(?:preceding|foregoing) (?:paragraphs?|sentences?|text|lines?)\b|\b(?:everything"
            r"|all"
            r"|anything) (?:before this (?:point|line)|above|said so far|written so far)\b",
            rf"{_AT}(?:act as|stop (?:summari[sz]ing|writing|reading|processing))\b",
            r"(?<!\w)(?:текст|усе|все|всё|абзац\w*|написан\w+|сказан\w+) (?:вище|выше)(?!\w)"
            r"|(?<!\w)(?:выше ?сказанн|вищесказан|вищенаведен|вышеизложенн)\w+",
            r"(?<!\w)(?:нове правило|новое правило)\s*:|(?<!\w)(?:у|в) (?:кожному реченні|каждом"
            r" предложении|каждой строке|кожному рядку)(?!\w)",
            r"(?<!\w)(?:розкажи|розкажіть|расскажи|расскажите) (?:всім|усім|всем|читач|читател)",
            rf"{_AT}{_PLEASE}(?:say|write|print|output|mention|repeat|add|answer|reply) that\b",
            rf"{_AT}{_YOU_DO}(?:do not|don't|never|avoid)\s+{_NEVER_TEXT}\b",
            rf"{_AT}(?:before|after|if|when|once) you (?:are )?(?:continu|begin|start|answer|reply"
            rf"|writ|finish|summari[sz]|read|print|respond)\w*[^.!?]{{0,80}},\s*{_PLEASE}{_TELL}\b",
            r"\b(?:the|our|your|chief|managing|news) (?:editors?|desk|publisher|newsroom|operator"
            r"|developers?|administrator|user)\s+(?:\w+ )?(?:says?|asks?|wants?|requests?"
            r"|instructs?"
            r"|orders?|requires?|asked|told|insists?|reminds?|requested)\b(?: you)?[^.!?]{0,20}?"
            r"[:,]?\s*(?:that you |to |you to |please |for )?(?:please )?(?:include|add|insert"
            r"|append"
            r"|print|run|mention|repeat|put|quote|link|publish|write|a (?:single )?headline)\b"
            r"[^.!?]*\b(?:lines?|sentences?|words?|links?|paragraphs?|text|summar(?:y|ies)"
            r"|headlines?"
            r"|following|digest|briefing|it reads)\b",
            r"(?<!\w)(?:редактор\w*|редакці\w+|редакци\w+|користувач|пользователь)\s+(?:\w+\s+)?"
            r"(?:просить|просит|каже|говорит|вимагає|требует|наказує|велит|просив|просил\w?)\s+"
            r"[^.!?]{0,20}(?:додати|вставити|включити|надрукувати|згадати|повторити|написати"
            r"|добавить"
            r"|вставить|включить|напечатать|упомянуть|повторить|написать)(?!\w)",
            rf"{_AT}(?:будь ласка,?\s*|пожалуйста,?\s*|тепер\s+|теперь\s+|а\s+)?"
            r"(?:виведи|виведіть|надрукуй|напиши|напишіть|повтори|повторіть|перекажи|перекажіть"
            r"|вставте|додай|додайте|включи|включіть|згадай|згадайте|назвіть|почни|почніть|починай"
            r"|починайте|заверши|завершіть|замініть|відповідай|відповідайте|скажи|скажіть|вкажи"
            r"|вкажіть|посилайся|посилайтеся|переклади|перекладіть|процитуй|процитуйте"
            r"|(?:не|ніколи не|никогда не) (?:згадуй|цитуй|пиши|пишіть|упоминай|цитируй|пиши|пишите"
            r"|згадуйте|цитуйте|упоминайте|цитируйте)"
            r"|выведи|выведите|напечатай|напечатайте|напишите|повторите|процитируй|процитируйте"
            r"|перескажи|перескажите|вставь|вставьте|добавь|добавьте|включите|упомяни|упомяните"
            r"|назови|назовите|начни|начните|начинай|начинайте|замени|замените|ответь|ответьте"
            r"|скажите|укажи|укажите|сошлись|сошлитесь|переведи|переведите)(?:те)?(?!\w)",
            r"(?<!\w)(?:если ты|якщо ти|если вы|якщо ви)[^.!?,]{0,60},\s*(?:\w+\s+)?\w+(?:й|йте"
            r"|жи|жите"
            r"|иши|ишите|іть|ьте|и)(?!\w)",
        )
    ),
    "reader": tuple(
        re.compile(pattern, re.I)
        for pattern in (
            rf"{_AT}{_PLEASE}(?:click|tap|visit|go to|see|read|share|forward|follow|download|watch"
            r"|open|join|check out)\b[^.!?]{0,60}(?:https?://|www\.|\b(?:our|this|the) (?:link"
            r"|website"
            r"|channel|page|form)\b|\bhere\b\s*[.!]?$)",
            rf"{_AT}(?:dear|attention,?) (?:readers?|users?|subscribers?|visitors?)\b",
        )
    ),
}
"""Words that are an instruction only where nobody is quoted with them."""
