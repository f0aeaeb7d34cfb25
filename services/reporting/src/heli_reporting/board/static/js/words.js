// What the page says, in both languages. What records and measures are called comes from the service.

const WORDS = {
  title: ["合力看板", "Heli board"],
  skip: ["跳到内容", "Skip to the content"],
  signIn: ["登录", "Sign in"],
  signInTold: [
    "请输入令牌。令牌只保存在本标签页内，关闭即失效。",
    "Enter a token. It stays in this tab alone and is gone when the tab is closed.",
  ],
  passwordTold: [
    "请输入账号和密码。登录状态只保存在本标签页内。",
    "Enter login and password. What they open stays in this tab alone.",
  ],
  token: ["令牌", "Token"],
  login: ["账号", "Login"],
  password: ["密码", "Password"],
  signOut: ["退出", "Sign out"],
  signedOut: ["登录已过期，请重新登录。", "Your sign-in has run out; sign in again."],
  refused: ["令牌无效或已过期。", "The token is not valid, or no longer."],
  wrongPassword: ["账号或密码有误。", "The login or the password is wrong."],
  unreachable: ["服务没有应答，显示的是上次读到的数据。", "The service does not answer; what is shown was read before."],
  language: ["English", "中文"],
  subscribe: ["订阅日历", "Subscribe to the calendar"],
  subscribeTold: [
    "生成一个地址，供 Outlook、手机等日历程序订阅本单位的工作清单。持有地址者即可查看，请勿转发。",
    "Makes an address by which Outlook, a phone and the like follow your unit's worklist. Whoever has it can read it: do not pass it on.",
  ],
  makeLink: ["生成地址", "Make the address"],
  linkTold: ["请复制到日历程序的“网络订阅”中；此地址只显示这一次，有效至", "Copy it into your calendar program; it is shown this once and holds until"],
  wall: ["大屏", "Wall"],
  print: ["打印", "Print"],
  county: ["全县", "The whole county"],
  nothing: ["没有可见范围", "Nothing is in your scope"],
  fresh: ["数据最新", "Up to date"],
  stale: ["数据不是最新", "Not up to date"],
  asOf: ["统计日", "As of"],
  passport: ["口径", "Definition"],
  numerator: ["分子", "Numerator"],
  denominator: ["分母", "Denominator"],
  gap: ["缺口", "Gap"],
  excluded: ["未计入", "Left out"],
  of: ["共", "All:"],
  and: ["、", ", "],
  noValue: ["无可计数", "Nothing to count"],
  target: ["目标", "Target"],
  met: ["已达到", "reached"],
  missing: ["还差", "to go:"],
  data: ["数据表", "Table"],
  day: ["日期", "Day"],
  town: ["乡镇街道", "Township"],
  village: ["村社区", "Village"],
  place: ["所在地", "Place"],
  unit: ["责任单位", "Unit"],
  department: ["成员单位", "Department"],
  measure: ["指标", "Measure"],
  rank: ["名次", "Rank"],
  score: ["得分", "Score"],
  grade: ["等次", "Grade"],
  explanation: ["逐项说明", "Item by item"],
  noCycle: ["尚无公示的考核结果。", "No results of an assessment were announced yet."],
  byUnit: ["按责任单位", "By responsible unit"],
  name: ["名称", "Name"],
  since: ["起于", "Since"],
  days: ["天数", "Days"],
  why: ["原因", "Why"],
  what: ["事项", "What"],
  due: ["期限", "Due"],
  overdue: ["逾期", "overdue"],
  daysWord: ["天", "days"],
  more: ["更多", "More"],
  shown: ["已显示", "Shown"],
  rows: ["条", "rows"],
  first: ["列出前", "the first"],
  close: ["关闭", "Close"],
  registered: ["登记在册", "Registered"],
  base: ["纳入统计", "Counted"],
  nothingDue: ["没有到期事项。", "Nothing is due."],
  nobody: ["没有。", "None."],
  code: ["代码", "Code"],
  staff: ["职工", "Staff"],
  members: ["正式党员", "Full members"],
  cover: ["组织覆盖", "Cover"],
  reason: ["未计入原因", "Left out because"],
  elected: ["选举日期", "Elected on"],
  definition: ["定义", "Definition"],
  basis: ["依据", "Basis"],
  version: ["版本", "Version"],
  sources: ["来源", "Sources"],
  computed: ["计算于", "Counted at"],
  digest: ["摘要", "Digest"],
  permalink: ["固定链接", "Permalink"],
  points: ["分值", "Points"],
  item: ["考核项", "Item"],
  whyNotFull: ["未满分原因", "Why not full"],
  elsewhere: ["说明由考核服务给出，地址：", "Assessment explains it at:"],
  paused: ["已暂停，按空格继续", "Paused; press space to go on"],
  running: ["轮播中：空格暂停，方向键切换，Esc 退出", "Rotating: space pauses, arrows move, Esc leaves"],
  changeCauses: ["变化原因", "Why it changed"],
  gapCauses: ["缺口成因", "Causes of the gap"],
  records: ["涉及", "Records"],
  updated: ["数据已更新", "The data was updated"],
  chartOf: ["折线图", "Line chart"],
};

const KEPT = "heli.language";
let english = sessionStorage.getItem(KEPT) === "en";

/** Say whether the page speaks English. */
export const isEnglish = () => english;

/** Return the language as browsers and the service name it. */
export const language = () => (english ? "en" : "zh-CN");

/** Speak the other language from now on. */
export function switchLanguage() {
  english = !english;
  sessionStorage.setItem(KEPT, english ? "en" : "zh");
}

/** Return the words of a name in the language of the page. */
export const t = (name) => WORDS[name][Number(english)];

/** Return what explains a word in brackets behind it, as the language sets them. */
export const aside = (text) => (english ? ` (${text})` : `（${text}）`);

/** Return how many lines of a longer list are shown; null where all of them are. */
export const firstOf = (count, all) => (count < all ? `${t("first")} ${number(count)} / ${number(all)} ${t("rows")}` : null);

/** Return parts of a list in one line; what they hold may have commas of its own. */
export const listed = (parts) => parts.join(english ? "; " : "；");

/** Return a share such as "0.8125" as "81.25%", a count with its thousands set apart; null where there is no value. */
export function shown(cell) {
  if (cell.value === null) return null;
  return typeof cell.value === "string" ? percent(cell.value) : number(cell.value);
}

/** Return decimal text as per cent. */
export const percent = (text) => `${(Number(text) * 100).toFixed(2)}%`;

/** Return a count as people write it. */
export const number = (count) => count.toLocaleString(language());
