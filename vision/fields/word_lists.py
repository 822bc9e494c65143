"""Words that speak for or against a line of a card being a person's name."""

GIVEN_NAMES = frozenset(
    """
    aaron abby abdul abdullah abe abhishek abigail adam addison adele aditi aditya
    adrian adriana adrien agnes agnieszka ahmad ahmed aidan aisha ajay akash akiko
    akira alan alana albert alberto alejandra alejandro aleksandr alena alessandro
    alessia alex alexander alexandra alexei alexey alexis alfred ali alice alicia
    alina alisa alison allan allen allison alma alok alvaro alyssa amanda amar
    amelia amelie amina amir amit amy ana anand ananya anastasia anders andre andrea
    andreas andrei andres andrew andrey andrzej andy angela angelica angelo angie
    anika anil anirudh anita anja anjali anke ankit ann anna annabel anne annette
    annie annika anthony antje antoine anton antonia antonio anup anya archana
    ariana ariel arjun arlene armin arnaud arne arthur arun arvind asha asher ashish
    ashley ashok ashwin asif astrid audrey aurelia axel ayesha aziz barbara barry
    bart bastian beate beatrice beatriz becky bella ben benedikt benjamin benoit
    bernadette bernard bernd bert beth bettina betty beverly bhavna bianca bill
    billy birgit bjoern björn bob bogdan boris brad bradley brandon brenda brendan
    brett brian brianna brigitte britta brittany brooke bruce bruno bryan bryce
    burak caitlin caleb calvin cameron camila camille carina carl carla carlos
    carmen carol carole carolina caroline carolyn carrie carsten casey catalina
    caterina catherine cathy cecile cecilia cedric celia celine cem chad chandra
    charles charlie charlotte chelsea chen cheryl chiara chloe chris christa
    christian christiane christina christine christoph christophe christopher chuck
    cindy claire clara clarissa claudia claudio claudius clemens clement cody colin
    colleen connor constantin cora corinna corinne cornelia courtney craig cristian
    cristina curtis cynthia daisy damian damien dan dana daniel daniela daniele
    danielle danny daria darius darren dave david dean deb debbie deborah deepa
    deepak deepika delia denis denise dennis derek desiree devon dhruv diana diane
    diego dieter dimitri dina dinesh dirk divya dmitri dmitry dominic dominik
    dominique don donald donna doris dorothea dorothy doug douglas duncan dustin
    dylan earl eddie edgar edith eduardo edward edwin efe egor eike eileen elaine
    eleanor elena eli elias elif elijah elina elisa elisabeth elise eliza elizabeth
    elke ella ellen ellie elliot eloise elsa elvira emanuel emeka emil emile emilia
    emilie emilio emily emine emma emmanuel enrico enrique eric erica erich erik
    erika erin ernest esteban esther ethan eugene eva evan evelyn ewa fabian fabien
    fabio fabrice farah farhan fatima federico felicia felicitas felipe felix
    ferdinand fernanda fernando fiona flavia flora florence florentin florian
    frances francesca francesco francine francis francisco franck francois frank
    franz franziska françois fred frederic frederik freya frida friederike friedrich
    fritz gabe gabi gabriel gabriela gabriele gabrielle gareth gary gaurav gavin
    gemma gene geoff geoffrey georg george georgia gerald gerard gerd gerhard gina
    giorgio giovanni gisela giulia giuseppe glen glenn gloria gopal gordon grace
    greg gregor gregory greta guido guillaume guillermo gunnar gunter gunther gustav
    gustavo günter günther hana hanna hannah hannes hans harald hari harish harold
    harri harriet harrison harry haruki hasan hassan heather hector heidi heike
    heiko heinrich heinz helen helena helene helga helmut hendrik henning henri
    henrik henry herbert hermann hideo hiro hiroshi holger holly horst howard hubert
    hugh hugo hussein ian ibrahim ignacio igor ilse imran ines inga inge ingo ingrid
    ioana irena irene irina iris irma isaac isabel isabella isabelle ishaan ismail
    istvan ivan ivana ivo jack jackie jacob jacqueline jacques jaime jake jakob
    jakub james jamie jan jana jane janet janice janina janine jannik jared jason
    jasper javier jay jayden jean jeanette jeanne jeff jeffrey jen jenna jennifer
    jenny jens jeremy jerome jerry jesse jessica jill jim jimmy jing joachim joan
    joanna joanne jochen jodie joe joel joerg johan johanna johannes john johnny jon
    jonas jonathan joost jordan jorge jose josef joseph josephine josh joshua josé
    joyce juan juanita judith judy jules julian juliane julien juliet julio jung
    jurgen justin justine jutta jörg jürgen kai kaitlyn karen karim karin karina
    karl karla karolina karsten karthik kasia kate katerina katharina katherine
    kathleen kathrin kathryn kathy katie katja katrin katrina kavita kay kayla kazuo
    keiko keith kelly kelsey kemal ken kenji kenneth kenny kenta kerstin kevin
    khalid kim kimberly kiran kirsten kirsti klara klaus konrad konstantin kota kris
    krishna kristen kristian kristin kristina kristof krzysztof kumar kurt kwame
    kyle lakshmi lara larry lars laszlo laura lauren laurence laurent laurie lea
    leah leandro lee leila lena lennart leo leon leonard leonardo leonie leopold
    leroy leslie letizia levi lewis leyla liam liang lidia lilian liliana lillian
    lily lin lina linda lindsay lindsey ling linus lisa lisbeth liu liz lloyd logan
    lois lola lorena lorenz lorenzo lori lorraine lothar lou louis louisa louise
    luca lucas lucia luciana lucie lucille lucy ludwig luigi luis luisa lukas luke
    lutz luz lydia lynn maarten maddie madeleine madhu magda magdalena maggie magnus
    mahesh maia maike maja malcolm malik malte mandy manfred manish manoj manon
    manuel manuela mara marc marcel marcela marcelo marcin marco marcos marcus marek
    margaret margarita margot maria mariah mariam mariana marianne marie marijke
    marina mario marion marisa marius marjorie mark marko markus marlene marlon
    marsha martha martin martina mary maryam masha mateo mateusz mathias mathieu
    mathilde matias matt matteo matthew matthias matthieu maureen maurice mauricio
    max maxim maxime maximilian maya megan mehmet mei meike melanie melinda melissa
    mercedes meredith mia michael michaela michal michel michele michelle mick
    miguel mika mikael mike mikhail mila milan milena miles milos mina ming mira
    miranda miriam mirjam mirko mitch mitchell mohamed mohammad mohammed mohan mohit
    molly mona monica monika morgan moritz moses muhammad mustafa myriam nadia
    nadine nadja naomi narendra nasrin natalia natalie natasha nate nathalie nathan
    nathaniel ned neha neil nele nelson nia niall nicholas nick nicki nicky nico
    nicola nicolas nicole nicoletta niels nigel nihal nikhil nikita niklas niko
    nikola nikolai nikolas nils nina nisha nitin noah noel noemi nora norbert norma
    norman nuno oksana olaf oleg olga oliver olivia olivier omar oscar oskar osman
    otto owen pablo paco pam pamela paola paolo parisa parker pascale pat patricia
    patrick patrik patrizia paul paula pauline paulo pavel pedro peggy penelope
    perry pete peter petr petra phil philip philipp philippa philippe phillip phoebe
    phyllis pia pierluigi piero pierre pieter pilar piotr pooja prakash pranav
    prasad prashant praveen priscilla priya priyanka puneet quentin rachel radek
    rafael rahul rainer raj raja rajesh raju rakesh ralf ralph ramesh ramon ramona
    randy rania raphael raquel rashid ravi raymond rebecca regina reinhard reinhold
    rekha renata renate rene renee reza rhea rhonda ricardo richard rick ricky riley
    rita ritu rob robert roberta roberto robin rodney rodrigo roger rohan rohit
    roland rolf romain roman romy ron ronald ronja ronny rosa rosalie rosalind
    rosario rose rosemary ross roxana roxanne roy ruben rudi rudolf rupert russ
    russell ruth ryan sabina sabine sabrina sachin sadie sahil sally sam samantha
    samir samuel sandeep sandra sanjay santiago sara sarah sascha sasha satoshi saul
    saurabh scott sean seb sebastian sebastien selim selina selma serena serge
    sergei sergey sergio seth shane shannon sharon shaun shauna shawn sheila shelly
    sherry shilpa shirley shreya shubham sibylle siddharth sidney siegfried sigrid
    silke silvia silvio simon simona simone sneha sofia sofie solomon sonia sonja
    sonya sophia sophie soren spencer stacey stacy stan stanislav stefan stefania
    stefanie stefano steffen stella stephan stephane stephanie stephen steve steven
    stewart stuart sudha sue sujata sumit sunil sunita suresh surya susan susana
    susanna susanne suzanne sven svenja svetlana swati sylvain sylvia sylvie sören
    tabea tabitha takashi takeshi tamara tanja tanya tara tariq tatiana tatjana
    taylor ted terence teresa terri terry tess tessa thea theo theodor theresa
    therese thiago thibault thijs thilo thomas thorsten tiago tiffany tilman tilmann
    tim timo timothy tina tobias todd tom tomas tomasz tommaso tommy toni tony
    torsten tracy travis trent trevor tristan troy tyler udo uli ulla ulrich ulrike
    umar ursula uschi ute uwe vadim valentin valentina valeria valerie vanessa vera
    verena veronica veronika vicki victor victoria vijay vikas vikram viktor
    viktoria vincent vincenzo vinod viola violet virginia vishal vivek vivian
    viviane vladimir volker wade waldemar walter wanda wang warren wayne wei wendy
    werner wilhelm william wim winfried wolfgang xavier xenia xiao yan yana yann
    yannick yara yash yasmin yasmine yasuko yi ying yoko yolanda yoshi yoshiko
    youssef yuan yuki yuko yuri yusuf yves yvette yvonne zach zachary zahra zara
    zelda zhang zoe zoltan zsofia
    """.split()  # noqa: SIM905  (a list literal would take a thousand lines)
)
"""In lower case. Not meant to be complete: who is missing is still found by a
label ("host:"), a handle beside the name, or its place and size on the card.
Names that are more often a word or a language on such cards (Ruby, Julia,
Pascal, Will, April) are left out on purpose."""

NOT_NAMES = frozenset(
    """
    academy advanced agile ai algorithms all analysis analytics android anfänger
    ansible api apis art async austausch automation aws azure backend bar barcamp
    basics beginner beginners best bibliotheken bicycle bikes bio birds board boat
    bof books bring browser business c cafe career careers challenge chat city civic
    cli climate cloud club code coding coffee community computer computing conda
    conference content contributors cooking course css culture cython dance data
    database databases day debugging demo demos deployment design designers dev
    developer developers development devops dinner discussion diversity django docker
    docs documentation education einführung embedded engineering english erfahrung
    ethics everyone experts exploration fastapi feature feedback flask forum foss
    frage fragen framework free friends frontend fun future game games gaming gender
    geo geospatial german git github go graphql graphs group groups growth guide guis
    hack hackathon hacking hands health hello help high hiking hiring how ideas intro
    introduction iot java javascript jobs join journey jupyter kaffee kata keynote
    keyboard kids ki knitting kubernetes lab languages laptop latam leadership
    learners learning leben lecture legal lernen let lets library life lightning linux
    live llm llms local love lunch machine maintainers making management maps math
    maths meet meeting meets meetup mental microservices migration mittagspause
    mobile models modern mongodb morning mornings morsels music my mypy networking
    networks neu new news night node notebook notebooks numpy oer office offene ontologies
    oop open operations organisers organizers packaging packages panel pandas
    parents parenting party patterns pause people performance photography php plan
    planning play podcast poetry poker policy postgres postgresql practice practices
    praxis privacy problem problems process product production programmer programmers
    programming project projects pro pros prototyping puzzle pycharm pydantic pygame
    pyladies pypi pyscript pytest python pytorch q qt quantum queer question questions
    quick quiz r rails react reading recipes refactoring regex release remote
    research retro review robot robots rockets round ruff rust scala scaling school
    schule science scientific scraping security self serverless session sessions
    show silent sketch social software solid space spaces spatial speakers speed
    sprint sprints sql start starter startup startups stem stories story strategy
    students studies study style summer support swift table tables talk talks tea teach
    teacher teachers teaching team teams tech tell test testing tests the things time
    tips together tools topic topics training travel tricks tutorial two type types
    typing ui unconference unit update user users ux video videos views vim vs vision
    walk web website websites what why wie wikipedia windows women work working
    workshop workshops world write writers writing xml yaml year yoga you zukunft
    """.split()  # noqa: SIM905  (a list literal would take four hundred lines)
)
"""In lower case: what titles on Open Spaces boards are made of."""
