"""Invented titles, descriptions and names, in four languages."""

from dataclasses import dataclass
from typing import Final

from training.scenes.paint import Dice, chance, pick
from vision.fields.lists import listed


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language's own ways to say what a session is about.

    Parameters
    ----------
    topics : tuple of str
        What sessions are about.
    titles, asides, sentences : tuple of str
        Titles, what is written in brackets behind them, and descriptions, with
        ``{}`` for a topic.
    welcomes : tuple of str
        Short last lines that are no names.
    """

    topics: tuple[str, ...]
    titles: tuple[str, ...]
    asides: tuple[str, ...]
    sentences: tuple[str, ...]
    welcomes: tuple[str, ...]


def _rows(text: str) -> tuple[str, ...]:
    return tuple(row.strip() for row in text.strip().split("\n"))


ENGLISH: Final = Tongue(
    _rows("""
        packaging
        type hints
        async queues
        Postgres
        home automation
        documentation
        code review
        on-call
        legacy systems
        compilers
        the dark web
        data viz
        GPU kernels
        notebooks
        maps
        satellite images
        embedded Python
        election data
        board games
        knitting
        running
        trail running
        sourdough
        climbing
        mechanical keyboards
        synthesizers
        ham radio
        mentoring
        remote teams
        burnout
        accessibility
        open hardware
        feature flags
        microservices
        event sourcing
        domain models
        mob programming
        pairing
        retrospectives
        estimates
        property testing
        mutation testing
        fuzzing
        language servers
        static sites
        search engines
        chat bots
        LLM agents
        local models
        vector search
        climate models
        genomics
        astronomy
        finance
        civic tech
        public libraries
        teaching kids
        high school teachers
        university courses
        conference organizing
        meetups
        user groups
        podcasts
        newsletters
        salary
        hiring
        job hunting
        freelancing
        parenting in tech
        neurodiversity
        queer folks in tech
        women in data
        sustainability
        right to repair
        licences
        community moderation
        security audits
        supply chains
        secrets
        passkeys
        WebAssembly
        Kubernetes
        Terraform
        observability
        tracing
        logs
        cost control
        Emacs
        terminal tools
        dotfiles
        regular expressions
        parsers
        spreadsheets
        PDFs
        fonts
        game engines
        music theory
        juggling
        tea
        coffee
        Thai food
        karaoke
        swing dance
        yoga
        photography
        birds
        bicycles
        trains
        Esperanto
        sign language
        Cantonese
        Portuguese speakers
        Latin America
        Rust
        Go
        Elixir
        Haskell
        Erlang
        COBOL
        Julia
        R
        Django
        Flask
        FastAPI
        Pandas
        Polars
        Airflow
        Kafka
        dbt
        Spark
        Qt
        Godot
        Blender
        Arduino
        Raspberry Pi
        LoRa
        FPGAs
        robots
        drones
        3D printing
        e-textiles
        scientific software
        reproducibility
        peer review
        grant writing
        museums
        archives
        newsrooms
        disaster response
    """),
    _rows("""
        {}
        {}
        {}
        {} BoF
        {} meetup
        {} and {}
        {} + {}
        {} vs {}
        Intro to {}
        {} 101
        {} for beginners
        {} in production
        {} at scale
        {} without {}
        Why {} matters
        How to start with {}
        How do you do {}?
        What is {}?
        Is {} dead?
        Let's talk {}
        Let's talk about {}
        The future of {}
        The joy of {}
        Beyond {}
        {} tomorrow
        Fun with {}
        Hack on {}
        {} hack night
        {} Show & Tell
        {} - what works
        {}: first steps
        {} experiences
        {} help desk
        {} users
        {} swap
        {} kata
        Silent {}
        {} (hands-on)
        {} in your {}
        Teaching {} with {}
        From {} to {}
        {} meets {}
        My favourite {} tricks
        Strange {}
        Things I learned about {}
        What nobody tells you about {}
        Is {} fair?
        Counting {}
        Building {} you can trust
        Moving to {}
        Stop using {}!
        Ask me anything: {}
        {} maintainers
        {} clinic
        Should we replace {} with {}?
    """),
    _rows("""
        (for beginners)
        (or not)
        [hands-on]
        (part 2)
        (again)
        (bring a laptop)
        (live)
        :)
        !!
        101
        + friends
    """),
    _rows("""
        Come and talk about {}
        Come chat with us about {}
        Pick up habits from other {} folks
        Let's discuss how we use {}
        Let's share what works for {} and {}
        Discuss {}, {} and {}
        How can we improve {}?
        How do you combine {} with {}?
        What do you use for {}? What would you change?
        Interested in {}? Join us!
        Stuck? Curious? Ask us
        Have you just started with {} or do you want to? Tell us how it goes
        I made a small thing with {} and want your opinion
        I want to learn about {} and meet others who do
        Share your experience with {}
        Compare exercises, courses and {}
        Bring your own {}
        Bring questions about {}
        An informal chat about {} and {}
        A friendly introduction to {}
        Everybody may speak, nobody must
        We will look at {} and play with {}
        We gather at the entrance at noon and then look for {}
        Looking for people who know {}
        No experience needed, beginners welcome
        Talking {} and running it on {}
        Find out what {} can do for {}
        {} never breaks, or does it
        {}, {}, {} etc.
        tools, {} and war stories
        pros and cons of {}
        which methods, which tools?
        when it hurts and what to do about it
        small hints for {}
        {} libraries and {}
        ideas, plans, next steps
        demo and discussion
        lightning demos of {}
        everything you wanted to know about {}
    """),
    _rows("""
        Come along!
        Beginners welcome
        All welcome
        Bring laptops
        Projector
        Bar
        Lounge
        Live demo
        Show and tell
        Part two
        Q&A
        Everyone welcome!
        Free stickers
        Workshop
        Discussion
        Good habits
        Whiteboard
        Hands on
        Open Source
        Python
        Big table
        Outside
    """),
)

GERMAN: Final = Tongue(
    _rows("""
        Softwarearchitektur
        Testautomatisierung
        Freie Software
        Barrierefreiheit
        Metadaten
        Lehrvideos
        Lernplattformen
        Schulgärten
        Künstliche Intelligenz
        Öffentlichkeitsarbeit
        Fördermittel
        Ehrenamt
        Fahrräder
        Küchengeräte
        Datenschutz
        Bildungsmaterial
        Übersetzung
        Gemeinwohl
        Verwaltung
        Gehälter
        Führung
        Mobbing
        Kanban
        Anforderungen
        Altsysteme
        Vereinsgründung
        Nachhaltigkeit
        Bücher
        Gebärdensprache
        Mikroskopie
    """),
    _rows("""
        {}
        {}
        {} für alle
        {} für Anfänger
        {} und {}
        {} ohne {}
        Wer kennt {}?
        Wie geht {}?
        Wozu {}?
        Einführung in {}
        Mut zu {}
        {} in der Schule
        {} - Austausch
        Erfahrungen mit {}
        Wo {} scheitert
        Zukunft der {}
        {} selbst gemacht
        Brauchen wir {}?
        {} trifft {}
    """),
    _rows("""
        (für Einsteiger)
        (Teil 2)
        [praktisch]
        (offene Runde)
    """),
    _rows("""
        Wir reden über {} und {}
        Wie nutzt ihr {}?
        Was brauchen wir für {}?
        Erfahrungsaustausch zu {}
        Bringt eure Fragen zu {} mit
        Ich möchte {} vorstellen und mit euch ausprobieren
        Welche Werkzeuge gibt es für {}?
        Für alle, die mit {} arbeiten
        Offene Runde zu {}, {} und {}
        Wer hat Lust auf {}?
        Ideen sammeln für {}
        mit Beispielen aus {}
    """),
    _rows("""
        Alle willkommen
        Mit Kaffee
        Beamer
        Offene Runde
        Für Einsteiger
        Küche
        Laptop mitbringen
        Austausch
    """),
)

FRENCH: Final = Tongue(
    _rows("""
        logiciel libre
        cartographie
        accessibilité
        données ouvertes
        école numérique
        sécurité
        télétravail
        écriture
        jeux de société
        vélo
        énergie
        médiathèques
        traduction
        tests automatisés
        rétrospectives
        dette technique
        création d'équipe
    """),
    _rows("""
        {}
        Atelier {}
        {} pour débutants
        {} et {}
        Pourquoi {} ?
        Comment apprendre {} ?
        L'avenir de {}
        {} sans douleur
        Découvrir {}
    """),
    _rows("""
        (débutants)
        (suite)
        (en anglais)
    """),
    _rows("""
        Venez parler de {} avec nous
        Échangeons sur {} et {}
        Comment faites-vous pour {} ?
        Retour d'expérience sur {}
        Nous cherchons des idées pour {}
        Pour tous ceux qui aiment {}
        Apportez vos questions sur {}
    """),
    _rows("""
        Ouvert à tous
        Démo
        Débutants
        Salle calme
    """),
)

SPANISH: Final = Tongue(
    _rows("""
        software libre
        enseñanza
        datos abiertos
        accesibilidad
        comunidad
        pruebas
        juegos de mesa
        diseño
        cartografía
        seguridad
        bibliotecas
        programación
        señales
        niñez y tecnología
        español técnico
    """),
    _rows("""
        {}
        Taller de {}
        {} para todos
        {} y {}
        ¿Qué es {}?
        Cómo empezar con {}
        El futuro de {}
        Mesa redonda: {}
        {} sin miedo
    """),
    _rows("""
        (principiantes)
        (parte 2)
    """),
    _rows("""
        Todo el mundo cabe
        Hablemos de {} y {}
        ¿Cómo usas {} en tu equipo?
        Compartir experiencias sobre {}
        Vamos a construir {} juntos
        Para quienes trabajan con {}
    """),
    _rows("""
        Todos bienvenidos
        Con café
        Taller
        Demo
    """),
)

TONGUES: Final = (ENGLISH, GERMAN, FRENCH, SPANISH)

SURNAMES: Final = tuple(
    """
    Abara Andersson Bakker Bauer Becker Bianchi Blanc Boateng Brandão Brown Chen Clark
    Costa Curtis Dubois Ekström Evans Farkas Fernández Fischer Fontaine García Ghosh
    Gruber Haas Hansen Hartmann Hill Hoffmann Horvat Ibáñez Iyer Jansen Jensen Johnson
    Kaya Keller Kim Klein Koch Kovács Krause Kühn Lang Larsen Lefèvre Lehmann Lopez
    Maier Marchetti Martin Mehta Meyer Moreau Müller Nakamura Neumann Nguyen Novak
    O'Brien Okoye Olsen Papadakis Park Patel Peters Petrov Popescu Quinn Ramírez Rao
    Richter Rossi Roth Roux Ruiz Sato Schäfer Schmidt Schneider Schulz Silva Singh Smith
    Sørensen Steiner Suzuki Takács Tan Taylor Thompson Torres Ünal Vargas Vogel Wagner
    Walsh Weber Wong Wójcik Yamada Young Zhang Ziegler Zimmermann
    """.split()  # noqa: SIM905  (a list literal would take ninety lines)
)
FIRMS: Final = (
    "Acme", "Initech", "Globex", "Umbra Labs", "Northwind", "Datawerk", "Blue Yonder",
    "ByteWorks", "Kopano", "Stadtwerke", "Uni Graz", "TU Delft", "NHS", "BBC",
)  # fmt: skip
HANDLE_ENDS: Final = ("codes", "dev", "py", "_io", "knits", "hq", "42", "writes", "")
PLACES_OF_NAMES: Final = (
    "Lunch with {}",
    "Ask {} about {}",
    "{} day",
    "The {} method",
    "Walk with {}",
    "Lunch with {}",
    "Remembering {}",
)

_GIVEN: Final = tuple(sorted(listed("given_names")))


def tongue(rng: Dice) -> Tongue:
    """Return a language; most cards are English."""
    return pick(rng, TONGUES, (12, 5, 2, 2))


def filled(template: str, said: Tongue, rng: Dice) -> str:
    """Return a template with topics in its gaps, and a capital before all."""
    text = template
    while "{}" in text:
        text = text.replace("{}", pick(rng, said.topics), 1)
    return text[:1].upper() + text[1:]


def title(said: Tongue, rng: Dice) -> str:
    """Return a title."""
    if chance(rng, 0.04):
        gaps = pick(rng, PLACES_OF_NAMES).replace("{}", given_name(rng), 1)
        return filled(gaps, said, rng)
    text = filled(pick(rng, said.titles), said, rng)
    if chance(rng, 0.12):
        text += " " + pick(rng, said.asides)
    return text.title() if chance(rng, 0.25) else text


def description(said: Tongue, rng: Dice) -> str:
    """Return one to three sentences."""
    count = pick(rng, (1, 2, 3), (6, 3, 1))
    ends = pick(rng, ((". ", "."), (". ", ""), ("! ", "!"), (" ", "")))
    sentences = [filled(pick(rng, said.sentences), said, rng) for _ in range(count)]
    text = ends[0].join(sentences) + ends[1]
    text = text.replace("?.", "?").replace("?!", "?").replace("!.", "!")
    return text[0].lower() + text[1:] if chance(rng, 0.3) else text


def given_name(rng: Dice) -> str:
    """Return a first name; one in seven that is in no list."""
    name = pick(rng, _GIVEN).title()
    if chance(rng, 0.15):
        name = pick(rng, SURNAMES)[:3] + pick(
            rng, ("a", "o", "ek", "in", "ush", "ette")
        )
    return name


def handle(rng: Dice) -> str:
    """Return a handle."""
    return "@" + pick(rng, _GIVEN).replace("'", "") + pick(rng, HANDLE_ENDS)


def host(rng: Dice) -> str:
    """Return who hosts a session, as people write it."""
    first, last = given_name(rng), pick(rng, SURNAMES)
    name = pick(
        rng,
        (
            first,
            f"{first} {last[0]}.",
            f"{first} {last[0]}",
            f"{first} {last}",
            f"{first[0]} {last}",
            f"{first[0]}. {last}",
            f"{first} & {given_name(rng)}",
            f"{first} + {given_name(rng)}",
            f"{first} - {given_name(rng)}",
            f"{first}, {given_name(rng)}",
            f"{first} and {given_name(rng)}",
            f"{first} {last} - " + " - ".join({pick(rng, FIRMS), pick(rng, FIRMS)}),
            f"{first} ({pick(rng, FIRMS)})",
        ),
        (52, 6, 3, 17, 3, 3, 3, 1, 1, 1, 1, 4, 1),
    )
    return pick(rng, (name, name.lower(), name.upper()), (8, 0.6, 1.4))
