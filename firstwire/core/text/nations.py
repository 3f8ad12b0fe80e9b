"""Nations by the single words that headlines use for them: country, people, capital, seat of government.

Only for comparing reports, where "Moscow", "the Kremlin" and "Russian" may be one actor; who acts is decided with the
entities that people list.
"""

from __future__ import annotations

_WORDS = """
afghanistan: afghanistan afghan afghans afghani afghane afgano afgana afghanes kabul kaboul
albania: albania albanian albanians tirana
algeria: algeria algerian algerians algiers
andorra: andorra andorran andorrans
angola: angola angolan angolans luanda
antigua-and-barbuda: antiguan antiguans antigua
argentina: argentina argentine argentinian argentines argentinians argentinean
armenia: armenia armenian armenians yerevan
australia: australia australian australians aussie canberra
austria: austria austrian austrians vienna ballhausplatz
azerbaijan: azerbaijan azerbaijani azerbaijanis azeri baku
bahamas: bahamas bahamian bahamians nassau
bahrain: bahrain bahraini bahrainis manama
bangladesh: bangladesh bangladeshi bangladeshis dhaka
barbados: barbados barbadian barbadians bridgetown
belarus: belarus belarusian belarusians belarussian minsk byelorussia belorussia
belgium: belgium belgian belgians
belize: belize belizean belizeans belmopan
benin: benin beninese porto-novo
bhutan: bhutan bhutanese thimphu
bolivia: bolivia bolivian bolivians
bosnia-and-herzegovina: bosnian bosnians herzegovinian sarajevo bosnia bosnia-herzegovina bosnia-hercegovina bih
botswana: botswana botswanan motswana batswana botswanans gaborone
brazil: brazil brazilian brazilians brasilia itamaraty planalto
brunei: brunei bruneian bruneians
bulgaria: bulgaria bulgarian bulgarians sofia
burkina-faso: burkinabe burkinabes ouagadougou
burundi: burundi burundian burundians bujumbura gitega
cambodia: cambodia cambodian cambodians kampuchea
cameroon: cameroon cameroonian cameroonians yaounde
canada: canada canadian canadians ottawa
cape-verde: praia
central-african-republic: bangui
chad: chad chadian chadians n'djamena ndjamena tchad
chile: chile chilean chileans santiago
china: china chinese chinois chinoise chinesa cinese beijing peking pechino pequim prc zhongnanhai
colombia: colombia colombian colombians bogota
comoros: comoros comorian comorians comoran comorans moroni
republic-of-the-congo: brazzaville congo-brazzaville
democratic-republic-of-the-congo: congolese kinshasa congo drc congo-kinshasa zaire
ivory-coast: ivorian ivorians ivoirian abidjan yamoussoukro
croatia: croatia croatian croatians croat croats zagreb
cuba: cuba cuban cubans havana
cyprus: cyprus cypriot cypriots nicosia
czechia: czechia czech czechs prague
denmark: denmark danish dane danes copenhagen christiansborg folketing
djibouti: djibouti djiboutian djiboutians
dominica: dominica roseau
dominican-republic: dominican dominicans
east-timor: timorese dili timor-leste
ecuador: ecuador ecuadorian ecuadorians ecuadorean ecuadoreans quito
egypt: egypt egyptian egyptians cairo
el-salvador: salvadoran salvadorans salvadorean
equatorial-guinea: equatoguinean equatoguineans malabo
eritrea: eritrea eritrean eritreans asmara
estonia: estonia estonian estonians tallinn riigikogu
eswatini: eswatini swazi swazis mbabane swaziland
ethiopia: ethiopia ethiopian ethiopians
fiji: fiji fijian fijians suva
finland: finland finnish finn finns helsinki eduskunta
france: france french frenchman frenchwoman frenchmen frenchwomen francesa francese paris elysee matignon eliseo
  eliseu
gabon: gabon gabonese libreville
gambia: gambia gambian gambians banjul
georgia: georgia georgian georgians tbilisi
germany: germany german germans allemand allemande alemana tedesco tedesca deutsche deutscher deutschen berlin
  bundesregierung bundestag
ghana: ghana ghanaian ghanaians accra
greece: greece greek greeks athens
grenada: grenada grenadian grenadians
guatemala: guatemala guatemalan guatemalans
guinea: guinea guinean guineans conakry
guinea-bissau: bissau-guinean guinea-bissauan bissau-guineans bissau
guyana: guyana guyanese georgetown
haiti: haiti haitian haitians port-au-prince
holy-see: vatican
honduras: honduras honduran hondurans tegucigalpa
hungary: hungary hungarian hungarians budapest
iceland: iceland icelandic icelander icelanders reykjavik althing
india: india indian indians delhi neu-delhi bharat
indonesia: indonesia indonesian indonesians jakarta
iran: iran iranian iranians iranien iranienne iraniano iraniana tehran teheran persia
iraq: iraq iraqi iraqis baghdad
ireland: ireland irish irishman irishwoman irishmen irishwomen dublin oireachtas
israel: israel israeli israelis israeliano israeliana israelense knesset
italy: italy italian italians italien italienne italiano italiana rome quirinale montecitorio farnesina
jamaica: jamaica jamaican jamaicans
japan: japan japanese tokyo nagatacho kantei
jordan: jordan jordanian jordanians amman
kazakhstan: kazakhstan kazakh kazakhs kazakhstani kazakhstanis astana nur-sultan akorda
kenya: kenya kenyan kenyans nairobi
kiribati: kiribati i-kiribati tarawa
kosovo: kosovo kosovar kosovan kosovars pristina prishtina kosova
kuwait: kuwait kuwaiti kuwaitis
kyrgyzstan: kyrgyzstan kyrgyz kyrgyzstani kyrgyzstanis bishkek kirghizia
laos: laos lao laotian laotians vientiane
latvia: latvia latvian latvians riga saeima
lebanon: lebanon lebanese beirut
lesotho: lesotho basotho mosotho maseru
liberia: liberia liberian liberians monrovia
libya: libya libyan libyans tripoli jamahiriya
liechtenstein: liechtenstein liechtensteiner liechtensteiners vaduz
lithuania: lithuania lithuanian lithuanians vilnius seimas
luxembourg: luxembourg luxembourgish luxembourger luxembourgers
madagascar: madagascar malagasy madagascan madagascans antananarivo
malawi: malawi malawian malawians lilongwe
malaysia: malaysia malaysian malaysians putrajaya malaya
maldives: maldives maldivian maldivians
mali: mali malian malians bamako
malta: malta maltese valletta
marshall-islands: marshallese majuro
mauritania: mauritania mauritanian mauritanians nouakchott
mauritius: mauritius mauritian mauritians
mexico: mexico mexican mexicans
micronesia: micronesia micronesian micronesians palikir
moldova: moldova moldovan moldovans chisinau moldavia
monaco: monaco monegasque monacan monegasques
mongolia: mongolia mongolian mongolians ulaanbaatar
montenegro: montenegro montenegrin montenegrins podgorica
morocco: morocco moroccan moroccans marocain marocaine marocchino marocchina rabat
mozambique: mozambique mozambican mozambicans maputo
myanmar: myanmar burmese myanma naypyidaw yangon naypyitaw rangoon burma
namibia: namibia namibian namibians windhoek
nauru: nauru nauruan nauruans yaren
nepal: nepal nepalese nepali kathmandu
netherlands: netherlands dutch dutchman dutchmen netherlander amsterdam holland binnenhof
new-zealand: kiwi wellington aotearoa
nicaragua: nicaragua nicaraguan nicaraguans managua
niger: niger nigerien nigeriens nigerois niamey
nigeria: nigeria nigerian nigerians abuja
north-korea: pyongyang dprk north-korea
north-macedonia: macedonian macedonians skopje macedonia fyrom
norway: norway norwegian norwegians oslo storting
oman: oman omani omanis muscat
pakistan: pakistan pakistani pakistanis islamabad
palau: palau palauan palauans ngerulmud
palestine: palestine palestinian palestinians ramallah palestina mukataa
panama: panama panamanian panamanians
paraguay: paraguay paraguayan paraguayans asuncion
peru: peru peruvian peruvians lima
philippines: philippines filipino filipinos philippine manila malacanang filipina filipinas
poland: poland polish pole poles warsaw sejm belweder
portugal: portugal portuguese lisbon
qatar: qatar qatari qataris doha
romania: romania romanian romanians bucharest cotroceni
russia: russia russian russians moscow kremlin duma
rwanda: rwanda rwandan rwandans kigali
samoa: samoa samoan samoans apia
san-marino: sammarinese
sao-tome-and-principe: santomean
saudi-arabia: saudi saudis riyadh ksa
senegal: senegal senegalese dakar
serbia: serbia serbian serbians serb serbs belgrade belgrad
seychelles: seychelles seychellois seychelloise
sierra-leone: freetown
singapore: singapore singaporean singaporeans
slovakia: slovakia slovak slovaks slovakian bratislava
slovenia: slovenia slovene slovenes slovenian slovenians ljubljana
solomon-islands: honiara solomons
somalia: somalia somali somalis mogadishu
south-africa: pretoria
south-korea: seoul rok
south-sudan: juba
spain: spain spanish spaniard spaniards espagnol espagnole spagnolo spagnola espanhol espanhola madrid moncloa
sri-lanka: colombo
saint-kitts-and-nevis: kittitian nevisian basseterre
saint-lucia: castries
saint-vincent-and-the-grenadines: vincentian kingstown
sudan: sudan sudanese khartoum
suriname: suriname surinamese paramaribo
sweden: sweden swedish swede swedes stockholm riksdag rosenbad
switzerland: switzerland swiss bern berne bundeshaus
syria: syria syrian syrians damascus
taiwan: taiwan taiwanese taipei roc formosa
tajikistan: tajikistan tajik tajiks tajikistani tajikistanis dushanbe
tanzania: tanzania tanzanian tanzanians dodoma
thailand: thailand thai thais bangkok
togo: togo togolese lome
tonga: tonga tongan tongans nuku'alofa nukualofa
trinidad-and-tobago: trinidadian trinidadians tobagonian trinidad
tunisia: tunisia tunisian tunisians tunis
turkey: turkey turkish turk turks turc turque turco turca ankara turkiye bestepe
turkmenistan: turkmenistan turkmen turkmens turkmenistani ashgabat turkmenistanis
tuvalu: tuvalu tuvaluan tuvaluans funafuti
uganda: uganda ugandan ugandans kampala
ukraine: ukraine ukrainian ukrainians kyiv kiev kiew bankova
united-arab-emirates: emirati emiratis uae emirates
united-kingdom: british briton britons brit brits englishwoman britannique britanniques britannico britannica london
  uk britain whitehall westminster grande-bretagne
united-states: american americans estadounidense estadounidenses statunitense washington usa america pentagon eeuu
  maison-blanche eua
uruguay: uruguay uruguayan uruguayans montevideo
uzbekistan: uzbekistan uzbek uzbeks uzbekistani uzbekistanis tashkent
vanuatu: vanuatu ni-vanuatu vanuatuan
venezuela: venezuela venezuelan venezuelans caracas miraflores
vietnam: vietnam vietnamese hanoi
western-sahara: sahrawi sahrawis saharawi laayoune tifariti sadr polisario rasd
yemen: yemen yemeni yemenis sanaa sana'a
zambia: zambia zambian zambians lusaka
zimbabwe: zimbabwe zimbabwean zimbabweans harare rhodesia
cook-islands: avarua
niue: niue niuean alofi
abkhazia: abkhazia abkhaz abkhazian abkhazians sukhumi sokhumi abchasien abkhazie abjasia apsny abchasiens abcasia
south-ossetia: tskhinvali tskhinval
somaliland: somaliland somalilander somalilanders hargeisa hargeysa somalilands somalilandia
northern-cyprus: trnc nordzypern turkish-cypriot nordzyperns
transnistria: transnistria transnistrian transnistrians tiraspol pridnestrovie trans-dniester transdniestria
  transnistrien transnistrie transnistriens
nagorno-karabakh: stepanakert khankendi nagorno-karabakh artsakh karabakh bergkarabach haut-karabakh
soviet-union: soviet soviets ussr
yugoslavia: yugoslavia yugoslav yugoslavian
east-germany: gdr
czechoslovakia: czechoslovakia czechoslovak czechoslovakian
"""


def _by_word() -> dict[str, str]:
    found: dict[str, str] = {}
    nation = ""
    for line in _WORDS.strip().splitlines():
        head, colon, words = line.rpartition(":")
        nation = head.strip() if colon else nation
        for word in words.split():
            found.setdefault(word, nation)
    return found


NATIONS = _by_word()
"""Id of the nation by folded word."""
