"""Pairs of sentences of two origins: conflicts planted, and what only looks like one.

Each row is (sentence of one origin, sentence of the other, value in the first, value in the
second): the values that the board must show. ``HELD_*`` were written before the rules of the board
of figures knew more than weapons and nationalities, and no rule was tuned on them.
"""

from __future__ import annotations

Pair = tuple[str, str, str, str]

HELD_CONFLICTS: tuple[Pair, ...] = (
    # casualties
    (
        "At least nine people were killed when missiles struck a block of flats in Sumy on Sunday, "
        "local officials said.",
        "The strike on an apartment building in Sumy left 11 people dead, Ukraine’s emergency "
        "service said.",
        "nine", "11",
    ),
    (
        "Two soldiers died in the blast at the Karachev depot, the regional governor said.",
        "Ukrainian intelligence said seven soldiers were killed at the Karachev depot.",
        "Two", "seven",
    ),
    (
        "The attack on Dnipro wounded two people, the governor said.",
        "Fifteen people were injured in the attack on Dnipro, according to the city’s mayor.",
        "two", "Fifteen",
    ),
    (
        "Two to three people were killed in the missile strike on Kryvyi Rih, police said.",
        "Five people died in the strike on Kryvyi Rih, the head of the city’s defence council "
        "wrote.",
        "Two to three", "Five",
    ),
    # counts of weapons
    (
        "Moscow said it had shot down five ATACMS missiles over Bryansk.",
        "Russian air defences downed only two of the ATACMS missiles over Bryansk, two U.S. "
        "officials said.",
        "five", "two",
    ),
    (
        "Ukraine fired eight ATACMS missiles at Bryansk on Tuesday, a U.S. official said.",
        "Kyiv launched six ATACMS missiles at the Bryansk region on Tuesday, the Russian defence "
        "ministry said.",
        "eight", "six",
    ),
    (
        "The air force said it had downed 41 drones over Odesa overnight.",
        "Of the drones that attacked Odesa overnight, 28 drones were shot down, the governor said.",
        "41", "28",
    ),
    (
        "The Oreshnik carried six warheads, Ukraine’s intelligence agency said.",
        "The Oreshnik that hit Dnipro held at least 36 warheads, a Russian blogger claimed.",
        "six", "36",
    ),
    # soldiers, prisoners
    (
        "North Korea has sent about 10,000 soldiers to Kursk, the Pentagon said.",
        "Seoul’s spy agency put the number of North Korean troops in Kursk at 12,000.",
        "10,000", "12,000",
    ),
    (
        "Each side handed over 95 prisoners in Friday’s exchange, Moscow said.",
        "The exchange on Friday freed 103 prisoners from each side, mediators said.",
        "95", "103",
    ),
    # ranges and distances
    (
        "Storm Shadow missiles have a range of about 250 km.",
        "Storm Shadow missiles can hit targets 560 km away, the manufacturer says.",
        "250 km", "560 km",
    ),
    (
        "The arsenal at Karachev lies 110 km from the border.",
        "Karachev’s arsenal stands some 100 miles from Ukraine’s border.",
        "110 km", "100 miles",
    ),
    # costs
    (
        "The new package of arms for Ukraine is worth $275 million, the Pentagon said.",
        "Washington’s new arms package for Ukraine is worth up to $325 million, officials said.",
        "$275 million", "$325 million",
    ),
    (
        "A single Taurus missile costs about 950,000 euros.",
        "Each Taurus missile costs more than two million euros, the magazine reported.",
        "950,000 euros", "two million euros",
    ),
    # dates
    (
        "The strike on the Karachev arsenal took place on November 19, Moscow said.",
        "Ukraine’s General Staff said the Karachev arsenal was struck on November 18.",
        "November 19", "November 18",
    ),
    (
        "Putin signed the new nuclear doctrine on Tuesday 19 November, the Kremlin said.",
        "The new nuclear doctrine was signed by Putin on 20 November, state television said.",
        "19 November", "20 November",
    ),
)  # fmt: skip

HELD_AGREEMENTS: tuple[tuple[str, str], ...] = (
    # two events
    (
        "At least nine people were killed when missiles struck a block of flats in Sumy on Sunday.",
        "Eleven people were killed when a missile struck a hotel in Odesa on Monday.",
    ),
    (
        "Two people died in Sumy on Sunday.",
        "On Thursday five people died in Sumy.",
    ),
    # two matters
    (
        "Air defences shot down 44 drones overnight, the Russian defence ministry said.",
        "Ukraine launched more than 100 drones at Russia overnight, the ministry said.",
    ),
    (
        "The strike on Dnipro killed two people, the governor said.",
        "The strike on Dnipro injured fifteen people, the governor said.",
    ),
    (
        "Ukraine fired eight ATACMS missiles at Bryansk.",
        "Russia said it had shot down five ATACMS missiles over Bryansk.",
    ),
    (
        "Washington has approved $275 million in arms for Ukraine.",
        "Washington has given Ukraine $60 billion in arms since 2022.",
    ),
    # one value in other words
    (
        "North Korea has sent about 10,000 soldiers to Kursk.",
        "Some ten thousand North Korean troops are in Kursk, Seoul said.",
    ),
    (
        "ATACMS missiles have a range of 300 km.",
        "ATACMS missiles can fly up to 190 miles.",
    ),
    (
        "A Taurus missile costs about 950,000 euros.",
        "Each Taurus missile costs roughly one million euros.",
    ),
    (
        "At least nine people were killed in the strike on Sumy.",
        "The strike on Sumy killed eleven people, ten of them in one building, and at least nine "
        "were dead by noon.",
    ),
    # a later day
    (
        "On November 19 Russia shot down 42 drones over Bryansk.",
        "On November 21 Russia shot down 87 drones over Bryansk.",
    ),
    # other people, other weapons
    (
        "Some 600 Russian soldiers were killed in Kursk, Kyiv said.",
        "About 200 Ukrainian soldiers were killed in Kursk, Moscow said.",
    ),
    (
        "Britain has given Ukraine 100 Storm Shadow missiles.",
        "Germany could give Ukraine 300 Taurus missiles.",
    ),
    # whole and part
    (
        "Russia launched 210 missiles and drones at Ukraine on Sunday.",
        "Of 210 targets, 144 were shot down, among them 42 missiles.",
    ),
    # dates of two things
    (
        "Putin signed the new nuclear doctrine on November 19.",
        "Putin announced changes to the nuclear doctrine on September 25.",
    ),
    (
        "The embassy in Kyiv was closed on November 20.",
        "The embassy in Kyiv will open again on November 21.",
    ),
)  # fmt: skip

CONFLICTS: tuple[Pair, ...] = (
    (
        "The missile attack on Kharkiv killed at least four people, the mayor said.",
        "Seven people lost their lives in Kharkiv’s missile attack, rescuers said.",
        "four", "Seven",
    ),
    (
        "The death toll from the strike on Odesa rose to ten, the governor said.",
        "Eight people were killed in the strike on Odesa, police said.",
        "ten", "Eight",
    ),
    (
        "More than 600 Russian soldiers were killed in the blast at Toropets, Kyiv said.",
        "About 40 Russian soldiers died in the Toropets blast, an independent outlet reported.",
        "600", "40",
    ),
    (
        "Thirty people, including six children, were hurt in the attack on Poltava.",
        "The attack on Poltava left 54 people wounded, the emergency service said.",
        "Thirty", "54",
    ),
    (
        "Five of six ATACMS missiles were shot down over Bryansk, Moscow said.",
        "Ukraine launched eight ATACMS missiles, a U.S. official said, at a depot in Bryansk.",
        "six", "eight",
    ),
    (
        "Up to 12 Storm Shadow missiles were fired at Kursk on Wednesday, Russian bloggers wrote.",
        "Ukraine fired two Storm Shadow missiles at the Kursk region on Wednesday, Moscow said.",
        "12", "two",
    ),
    (
        "Russia launched 120 missiles and 90 drones at Ukraine on Sunday, Zelensky said.",
        "Russia fired about 90 missiles at Ukraine on Sunday, a Western official said.",
        "120", "90",
    ),
    (
        "Britain has sent Ukraine several hundred Storm Shadow missiles, officials said.",
        "London has given Ukraine fewer than 100 Storm Shadow missiles, the paper reported.",
        "several hundred", "100",
    ),
    (
        "Ukraine has between 30 and 50 ATACMS missiles left, two officials said.",
        "Kyiv has fewer than 20 ATACMS missiles left, an adviser said.",
        "30 and 50", "20",
    ),
    (
        "Some 50,000 Russian troops are massed in Kursk, Ukraine’s top general said.",
        "Russia has gathered 59,000 soldiers in the Kursk region, Kyiv’s spy chief said.",
        "50,000", "59,000",
    ),
    (
        "The Oreshnik can reach targets at 5,500 km, analysts said.",
        "The Oreshnik has a range of 2,000 to 2,500 miles, the general claimed.",
        "5,500 km", "2,000 to 2,500",
    ),
    (
        "Taurus missiles have a range of more than 500 km.",
        "Taurus missiles can fly some 220 miles, the ministry said.",
        "500 km", "220 miles",
    ),
    (
        "Each ATACMS missile costs $1.5 million.",
        "One ATACMS missile costs about $1 million, the army says.",
        "$1.5 million", "$1 million",
    ),
    (
        "The depot near Toropets is 470 km from the border, officials said.",
        "Toropets, with its depot, lies about 300 km from the border.",
        "470 km", "300 km",
    ),
    (
        "The embassy in Kyiv was closed on November 20, the State Department said.",
        "The U.S. embassy in Kyiv closed on November 19, a diplomat said.",
        "November 20", "November 19",
    ),
    (
        "Ukraine will receive the first Gripen jets on 3 December, the minister said.",
        "The first Gripen jets will arrive in Ukraine on 12 December, Stockholm said.",
        "3 December", "12 December",
    ),
)  # fmt: skip

AGREEMENTS: tuple[tuple[str, str], ...] = (
    (
        "Three people were killed in Kharkiv by a glide bomb.",
        "Three people died when a glide bomb fell on Kharkiv.",
    ),
    (
        "Four people were killed in a road accident near Kharkiv.",
        "The missile attack on Kharkiv killed nine people.",
    ),
    (
        "Eleven people, including two children, were killed in the strike on Sumy.",
        "Eleven people were killed in the strike on Sumy, among them two boys.",
    ),
    (
        "Two children were killed in the strike on Sumy.",
        "Eleven people were killed in the strike on Sumy.",
    ),
    (
        "Ukraine shot down 42 missiles on Sunday, the air force said.",
        "Russia launched 120 missiles on Sunday, the air force said.",
    ),
    (
        "Russia launched 145 drones at Ukraine overnight.",
        "Ukraine launched 34 drones at Russia overnight.",
    ),
    (
        "Older ATACMS missiles have a range of 165 km.",
        "ATACMS missiles have a range of 300 km.",
    ),
    (
        "Karachev lies 110 km from the border.",
        "Karachev lies 380 km from Moscow.",
    ),
    (
        "The depot lies 70 miles from the border.",
        "The depot lies 113 km from the border.",
    ),
    (
        "More than 200 missiles and drones were launched at Ukraine on Sunday.",
        "Russia launched 210 missiles and drones at Ukraine on Sunday.",
    ),
    (
        "Washington sent 20 ATACMS missiles in 2023.",
        "Washington sent 50 ATACMS missiles in 2024.",
    ),
    (
        "The $725 million package holds missiles and mines.",
        "The Pentagon’s April package was worth $1 billion.",
    ),
    (
        "Britain will train 5,000 Ukrainian soldiers next year.",
        "Britain has trained 50,000 Ukrainian soldiers since 2022.",
    ),
    (
        "Biden gave permission on November 17.",
        "Ukraine used ATACMS missiles on November 19 after Biden gave permission.",
    ),
    (
        "On Tuesday the missiles hit Bryansk.",
        "Missiles hit Bryansk on November 19.",
    ),
    (
        "The ministry said nine people were wounded in Sumy on November 17.",
        "The ministry said 80 people were wounded in Sumy on November 18.",
    ),
)  # fmt: skip

LATER_CONFLICTS: tuple[Pair, ...] = (
    (
        "A drone raid on Zaporizhzhia killed three people and injured 19, the governor said.",
        "The raid on Zaporizhzhia injured 30 people, according to the state emergency service.",
        "19", "30",
    ),
    (
        "Officials in Belgorod said one person was killed by shelling on Friday.",
        "Three people were killed by shelling in Belgorod on Friday, the news site wrote.",
        "one", "Three",
    ),
    (
        "Russia’s ministry said 59 drones were intercepted over the Bryansk region overnight.",
        "Air defences intercepted 42 drones over Bryansk overnight, the governor said.",
        "59", "42",
    ),
    (
        "Washington supplied Kyiv with about 50 ATACMS missiles, the magazine reported.",
        "The United States has supplied Ukraine with as many as 500 ATACMS missiles, Moscow said.",
        "about 50", "500",
    ),
    (
        "North Korea has deployed 11,000 troops in Kursk, Zelensky said.",
        "Some 8,000 North Korean troops are deployed in Kursk, Washington said.",
        "11,000", "8,000",
    ),
    (
        "The range of the Kinzhal is 2,000 km, Moscow says.",
        "The Kinzhal can reach targets no more than 480 km away, analysts say.",
        "2,000 km", "480 km",
    ),
    (
        "The Engels airbase lies 500 km from the front line.",
        "Engels is about 750 km from the front line, the institute wrote.",
        "500 km", "750 km",
    ),
    (
        "A Storm Shadow missile costs 767,000 pounds each.",
        "Each Storm Shadow costs more than two million pounds, the paper wrote.",
        "767,000", "two million",
    ),
    (
        "The aid package of drones and mines announced by Berlin is worth 650 million euros.",
        "Berlin’s aid package of drones and mines is worth 400 million euros, the ministry said.",
        "650 million", "400 million",
    ),
    (
        "The Bundestag approved the budget for arms on 29 November, Berlin said.",
        "The budget for arms was approved by the Bundestag on 27 November, the agency wrote.",
        "29 November", "27 November",
    ),
    (
        "In Friday’s swap each side released 115 prisoners, Kyiv said.",
        "Each side released 90 prisoners in the swap on Friday, Moscow said.",
        "115", "90",
    ),
    (
        "Russian troops captured six villages near Kurakhove this month, Moscow said.",
        "Only two villages near Kurakhove were captured by Russia this month, the monitor said.",
        "six", "two",
    ),
)  # fmt: skip
"""Written after the rules were whole; measured once before the rest was mended."""

LATER_AGREEMENTS: tuple[tuple[str, str], ...] = (
    (
        "Three people were killed in Zaporizhzhia on Monday.",
        "Five people were killed in Zaporizhzhia on Thursday by a glide bomb.",
    ),
    (
        "Two people were killed and 12 wounded in Nikopol.",
        "Twelve people were wounded and two killed in Nikopol, the governor said.",
    ),
    (
        "Russia fired 12 missiles at Odesa on Monday.",
        "Ukraine shot down eight missiles over Odesa on Monday.",
    ),
    (
        "Britain has supplied 50 Storm Shadow missiles.",
        "Britain will supply 150 Storm Shadow missiles next year.",
    ),
    (
        "Engels is about 500 km from the front line.",
        "Engels lies some 310 miles from the front line.",
    ),
    (
        "The export model of the Iskander has a range of 280 km.",
        "The Iskander has a range of 500 km.",
    ),
    (
        "Berlin’s package for Kyiv is worth 650 million euros.",
        "The EU’s loan for Kyiv is worth 35 billion euros.",
    ),
    (
        "The Bundestag debated the budget on 27 November.",
        "The Bundestag approved the budget on 29 November.",
    ),
    (
        "Almost 1,000 tanks were lost by Russia in 2023.",
        "Russia lost 1,400 tanks in 2024.",
    ),
    (
        "Five Ukrainian soldiers were killed near Toretsk.",
        "Nine Russian soldiers were killed near Toretsk.",
    ),
    (
        "The group said 20 drones attacked Tula.",
        "The group said 20 drones attacked Tula, and that 17 drones were shot down.",
    ),
    (
        "Sweden gave Ukraine 50 armoured vehicles.",
        "Denmark gave Ukraine 19 armoured vehicles.",
    ),
)  # fmt: skip
