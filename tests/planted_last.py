"""More conflicts and near misses, as in `planted_conflicts`: the last measure of whole rules."""

from __future__ import annotations

from planted_conflicts import Pair

LAST_CONFLICTS: tuple[Pair, ...] = (
    (
        "Rescuers in Ternopil pulled five bodies from the ruins of a factory hit by drones, while "
        "the mayor said that seven people had been killed in the attack.",
        "Four people were killed in the drone attack on the factory in Ternopil, the interior "
        "ministry said on Telegram.",
        "seven", "Four",
    ),
    (
        "According to Kyiv, more than 30 North Korean soldiers were killed in fighting near "
        "Plyokhovo.",
        "An official in Seoul said that about 100 North Korean soldiers had been killed in "
        "fighting near Plyokhovo.",
        "more than 30", "about 100",
    ),
    (
        "A dozen Iskander missiles struck Poltava on Wednesday, the air force said.",
        "Two Iskander missiles struck Poltava on Wednesday, the governor wrote.",
        "dozen", "Two",
    ),
    (
        "Ukraine’s air force shot down 67 of 96 drones over the Odesa region overnight.",
        "Russia launched 140 drones at the Odesa region overnight, monitors counted.",
        "96", "140",
    ),
    (
        "Paris has delivered around 40 SCALP missiles to Kyiv, the newspaper wrote.",
        "France delivered some 100 SCALP missiles to Ukraine, a lawmaker said.",
        "40", "100",
    ),
    (
        "Western estimates put the range of the Oreshnik at up to 5,500 km.",
        "The Oreshnik has a range of 2,500 km, an adviser to the Ukrainian president said.",
        "5,500 km", "2,500 km",
    ),
    (
        "The airfield at Morozovsk, 150 miles from the front line, burned for hours.",
        "Morozovsk lies about 170 km from the front line.",
        "150 miles", "170 km",
    ),
    (
        "A PrSM missile costs $3.5 million apiece.",
        "Each PrSM costs the army some $1.6 million.",
        "$3.5 million", "$1.6 million",
    ),
    (
        "The Swedish package of Gripen parts and radars is worth 700 million euros.",
        "Sweden’s package of radars and Gripen parts is worth 1.2 billion euros, Stockholm said.",
        "700 million euros", "1.2 billion euros",
    ),
    (
        "Moscow signed the pact with Pyongyang on June 19, the agency said.",
        "The pact with Pyongyang was signed in Moscow’s name on June 18, a diplomat said.",
        "June 19", "June 18",
    ),
    (
        "The talks in Riyadh will be held on 3 December, officials said.",
        "Officials said that the talks in Riyadh will be held on 5 December.",
        "3 December", "5 December",
    ),
)  # fmt: skip

NOT_COMPARED = (
    "The regional prosecutor put the number of people wounded in Chernihiv at 22.",
    "In the attack on Chernihiv 14 people were wounded, hospital doctors said.",
)
"""Missed on purpose: one sentence names no cause, and two events of one town look just like it."""

LAST_AGREEMENTS: tuple[tuple[str, str], ...] = (
    (
        "Four people were killed in a drone attack on a factory in Ternopil on Monday.",
        "Seven people were killed in Ternopil in 2022.",
    ),
    (
        "Fourteen people were wounded in Chernihiv, the mayor said.",
        "The attack on Chernihiv wounded at least 14 people.",
    ),
    (
        "North Korea lost 30 soldiers near Plyokhovo, Kyiv said.",
        "North Korea has sent 11,000 soldiers to Russia, Kyiv said.",
    ),
    (
        "Two Iskander missiles struck Poltava on Wednesday.",
        "Three Kinzhal missiles struck Poltava on Wednesday.",
    ),
    (
        "Ukraine’s air force shot down 67 of 96 drones over Odesa.",
        "Of 96 drones that Russia sent to Odesa, the air force shot down 67.",
    ),
    (
        "France delivered some 40 SCALP missiles to Ukraine in 2023.",
        "France plans to deliver 100 SCALP missiles to Ukraine.",
    ),
    (
        "The range of the Oreshnik is up to 5,500 km.",
        "The Oreshnik flew some 1,000 km to Dnipro.",
    ),
    (
        "Morozovsk lies 170 km from the front line.",
        "The airfield at Morozovsk is about 105 miles from the front line.",
    ),
    (
        "A PrSM missile costs $3.5 million.",
        "The army ordered PrSM missiles for $219 million.",
    ),
    (
        "The strike on the depot in Toropets on 18 September burned for days.",
        "The strike on the depot in Tikhoretsk came on 21 September.",
    ),
    (
        "NATO and Ukraine will meet on 26 November.",
        "NATO’s ministers will meet on 3 December.",
    ),
    (
        "Russia fired 33 missiles and 83 drones on Monday.",
        "On Monday Russia fired 83 drones and 33 missiles, Kyiv said.",
    ),
)  # fmt: skip
