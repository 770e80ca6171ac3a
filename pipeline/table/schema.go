package table

import "fmt"

// A Type is how a column is held in Arrow and what a rule reads it as.
type Type uint8

// The types of columns.
const (
	Text   Type = iota // dictionary<uint32, utf8>; read as string, "" where absent
	Span               // dictionary<uint32, utf8> in Period's form; read as Period
	Money              // decimal128(18,2) in yuan; read as Fen
	Amount             // decimal128(18,4); read as Quantity
	Date               // date32; read as Day
	Number             // int32; read as Count
	Bool               // bool; read as Flag
	Handle             // int64; read as Ref
)

// A Key names what the rows of a group have in common.
type Key string

// The keys rows are grouped by.
const (
	NoKey     Key = ""
	Person    Key = "person"    // canonical ID number, or name@village where there is none
	Household Key = "household" // household number
	Account   Key = "account"   // account number
	Unit      Key = "unit"      // canonical name of a unit
	Fund      Key = "fund"      // fund number
	Project   Key = "project"   // project number
	Village   Key = "village"   // county/town/village
	Town      Key = "town"      // county/town
	County    Key = "county"    // name of a county
	Kind      Key = "kind"      // kind of project
	Sheet     Key = "sheet"     // file!sheet
	Cadre     Key = "cadre"     // a village cadre's or official's person key, for the payments tied to him
)

// Keys lists every key, in the order executors take them.
var Keys = []Key{Person, Household, Account, Unit, Fund, Project, Village, Town, County, Kind, Sheet, Cadre}

// A Field is one column of a canonical table.
type Field struct {
	Name     string
	Type     Type
	Zh       string // the field's own word
	Required bool   // a sheet without it is not this table
	Stage    Stage  // who fills it
	Key      Key    // grouping its rows by this column makes groups of this key
}

// A Stage says which stage fills a field.
type Stage uint8

// The stages that fill fields.
const (
	FromSheet Stage = iota // intake, from cells or inherited
	FromStage              // a later stage: identity or chain; the name starts with _
)

// A Schema is a canonical table's name and columns. There is one value of each,
// below, and they are compared by address.
type Schema struct {
	Name   string
	Zh     string
	Fields []Field
	Money  string // the main money column, summed in run.json; "" if none
	index  int
}

// Index returns the schema's place in Schemas.
func (s *Schema) Index() int { return s.index }

// Field returns the index of the named field, or -1.
func (s *Schema) Field(name string) int {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return i
		}
	}
	return -1
}

// must returns the index of a field that a declaration in code names.
func (s *Schema) must(name string, types ...Type) int {
	i := s.Field(name)
	if i < 0 {
		panic(fmt.Sprintf("table %s has no column %s", s.Name, name))
	}
	for _, t := range types {
		if s.Fields[i].Type == t {
			return i
		}
	}
	panic(fmt.Sprintf("column %s.%s is not of the declared type", s.Name, name))
}

// Columns that stand first in every table.
const (
	RefColumn       = "_ref"       // where the row came from
	InheritedColumn = "_inherited" // fields taken from titles, names and folders, comma-separated
	RoundedColumn   = "_rounded"   // fields whose ID number a spreadsheet rounded, comma-separated, with the digits left: see Marks
	MaskedColumn    = "_masked"    // fields whose number is hidden in part (459901****0016), likewise
)

func schema(index int, name, zh, money string, fields ...Field) *Schema {
	all := append([]Field{
		{Name: RefColumn, Type: Handle, Zh: "出处", Stage: FromStage},
		{Name: InheritedColumn, Type: Text, Zh: "继承字段", Stage: FromStage},
		{Name: RoundedColumn, Type: Text, Zh: "失真证号字段", Stage: FromStage},
		{Name: MaskedColumn, Type: Text, Zh: "遮盖号码字段", Stage: FromStage},
	}, fields...)
	for _, f := range fields {
		if hasHow(index, f) {
			all = append(all, resolved(text(HowColumn(f.Name), f.Zh+"依据")))
		}
	}
	return &Schema{Name: name, Zh: zh, Fields: all, Money: money, index: index}
}

func text(name, zh string) Field   { return Field{Name: name, Type: Text, Zh: zh} }
func money(name, zh string) Field  { return Field{Name: name, Type: Money, Zh: zh} }
func date(name, zh string) Field   { return Field{Name: name, Type: Date, Zh: zh} }
func number(name, zh string) Field { return Field{Name: name, Type: Number, Zh: zh} }
func flag(name, zh string) Field   { return Field{Name: name, Type: Bool, Zh: zh} }
func amount(name, zh string) Field { return Field{Name: name, Type: Amount, Zh: zh} }
func span(name, zh string) Field   { return Field{Name: name, Type: Span, Zh: zh} }
func handle(name, zh string) Field { return Field{Name: name, Type: Handle, Zh: zh} }
func required(f Field) Field       { f.Required = true; return f }
func resolved(f Field) Field       { f.Stage = FromStage; return f }
func keyed(f Field, key Key) Field { f.Key = key; return f }
func key(name, zh string, k Key) Field {
	return keyed(resolved(text(name, zh)), k)
}

// The canonical tables, read from sheets.
var (
	// Payment 资金发放: one line to one beneficiary.
	Payment = schema(0, "payment", "资金发放", "amount",
		text("head_name", "户主"), text("head_id", "户主身份证号"),
		required(text("beneficiary_name", "享受人")), text("beneficiary_id", "享受人身份证号"),
		text("payee_name", "收款人"), text("payee_id", "收款人身份证号"),
		text("account", "银行账号"), text("bank", "开户银行"),
		text("household_id", "户编号"), text("phone", "联系电话"),
		text("program", "补贴项目"), text("tier", "类别档次"), span("period", "所属期"),
		required(money("amount", "金额")), amount("quantity", "数量"), money("standard", "补助标准"),
		date("pay_date", "发放日期"), text("state", "发放状态"), text("batch", "批次"),
		text("fund_no", "指标文号"), text("project_id", "项目编号"),
		text("county", "县"), text("town", "乡镇"), text("village", "村"), text("hamlet", "屯组"),
		number("household_size", "家庭人口"), text("payer", "发放单位"), text("handler", "经办人"),
		date("approved_on", "审批日期"), text("note", "备注"),
		text("_birth", "出生日期"), text("_sex", "性别"), text("_age", "年龄"), // beyond the contract: of the beneficiary, beside what his number says
		key("_person", "享受人主键", Person), resolved(text("_match", "身份匹配等级")),
		resolved(text("_payee", "收款人主键")), resolved(text("_head", "户主主键")),
		key("_household", "户主键", Household), key("_account", "账户主键", Account),
		key("_unit", "发放单位主键", Unit), key("_fund", "资金主键", Fund), resolved(text("_fund_by", "资金归属依据")),
		key("_project", "项目主键", Project), resolved(text("_program", "补贴项目规范名称")), key("_village", "村主键", Village),
		key("_cadre", "关联干部主键", Cadre), resolved(text("_tie", "关联依据")), // household, account, account_household, phone, kinship
		resolved(handle("_cadre_ref", "干部名册出处")),
		resolved(text("_kind", "发放性质")),                                   // unpaid, paid, supplement, instalment, correction, returned
		resolved(handle("_told_in", "另计出处")),                              // the row of another sheet that the same payment is counted in
		resolved(money("_net", "净额")), resolved(date("_back_on", "退回日期")), // what is left of it, and when the rest came back
		resolved(money("_refused", "银行退回金额")), // what the bank could not book of it
		resolved(number("_grant", "同笔号")), resolved(number("_part", "期次")), resolved(span("_for", "归属期")),
		resolved(text("_path", "资金路径")), resolved(number("_hops", "环节数")), resolved(number("_days_total", "总天数")),
		resolved(text("_slowest_unit", "最慢单位")), resolved(number("_slowest_days", "最慢天数")), resolved(text("_traced", "追踪结果")),
	)
	// Flow 资金拨付: one transfer between units, from one ledger or both.
	Flow = schema(1, "flow", "资金拨付", "sent_amount",
		text("fund_no", "指标文号"), text("from_unit", "拨出单位"), required(text("to_unit", "收款单位")),
		money("sent_amount", "拨出金额"), date("sent_on", "拨出日期"),
		money("received_amount", "收到金额"), date("received_on", "收到日期"),
		text("project_id", "项目编号"), text("purpose", "用途"), text("voucher_no", "凭证号"),
		text("from_account", "付款账号"), text("to_account", "收款账号"), text("note", "备注"),
		key("_from", "拨出单位主键", Unit), key("_to", "收款单位主键", Unit), resolved(text("_to_kind", "收款方类别")), // unit, firm, households, person
		key("_fund", "资金主键", Fund), key("_project", "项目主键", Project),
		resolved(text("_to_holder", "收款账户持有人")), // the person who holds the payee's account by rosters and the bank's files
		resolved(text("_kept_by", "记账方")),       // whose books the line stands in: sender, receiver, both
	)
	// Allocation 资金指标: the contract's table fund, one allocation notice a line.
	Allocation = schema(2, "fund", "资金指标", "amount",
		required(text("fund_no", "指标文号")), text("title", "标题"), text("level", "级次"),
		required(money("amount", "金额")), date("issued_on", "下达日期"), text("issuer", "下达单位"),
		text("holder", "承接单位"), text("purpose", "用途"), date("deadline", "使用期限"),
		key("_fund", "资金主键", Fund), key("_issuer", "下达单位主键", Unit), key("_holder", "承接单位主键", Unit),
		resolved(text("_level", "规范级次")),    // 中央, 自治区, 省, 市, 县
		resolved(flag("_own", "本级预算")),      // of the holder's own budget, or of no level that is stated
		resolved(flag("_repeated", "另表已列")), // the money is counted in rows of another sheet
	)
	// Balance 结余: what a unit says it holds on a day.
	Balance = schema(3, "balance", "结余", "amount",
		required(text("unit", "单位")), text("fund_no", "指标文号"), required(date("as_of", "截止日期")),
		required(money("amount", "结余金额")), text("note", "备注"),
		key("_unit", "单位主键", Unit), key("_fund", "资金主键", Fund),
	)
	// Member 建档立卡: the contract's table household, one line a member or a
	// household, for one year.
	Member = schema(4, "household", "建档立卡", "",
		required(text("household_id", "户编号")), required(text("member_name", "姓名")), text("member_id", "身份证号"),
		text("relation", "与户主关系"), text("phone", "联系电话"),
		text("county", "县"), text("town", "乡镇"), text("village", "村"), text("hamlet", "屯组"),
		number("household_size", "家庭人口"), text("category", "贫困户属性"), number("year", "年度"),
		number("registered_year", "建档年度"), number("exit_year", "脱贫年度"), text("status", "脱贫属性"),
		date("exited_on", "脱贫日期"), money("income_per_capita", "人均纯收入"),
		money("wage_income", "工资性收入"), money("business_income", "生产经营性收入"),
		money("property_income", "财产性收入"), money("transfer_income", "转移性收入"),
		flag("housing_safe", "住房安全"), flag("water_safe", "饮水安全"), flag("schooling_ok", "义务教育"),
		flag("medical_ok", "基本医疗"), flag("food_clothing_ok", "不愁吃穿"), text("helper", "帮扶责任人"),
		text("_birth", "出生日期"), text("_sex", "性别"), text("_age", "年龄"),
		key("_person", "成员主键", Person), resolved(text("_match", "身份匹配等级")),
		resolved(number("_elsewhere", "列入他户年度")), // first year, from the row's on, in which another household lists the person
		key("_household", "户主键", Household), key("_village", "村主键", Village),
		key("_town", "乡镇主键", Town), key("_county", "县主键", County),
	)
	// Works 项目库: the contract's table project.
	Works = schema(5, "project", "项目库", "budget",
		required(text("project_id", "项目编号")), required(text("name", "项目名称")), keyed(text("kind", "项目类别"), Kind),
		text("fund_no", "指标文号"), text("unit", "实施单位"),
		text("county", "县"), text("town", "乡镇"), text("village", "村"),
		money("budget", "预算金额"), money("contract_amount", "合同金额"),
		text("contractor", "施工单位"), text("contractor_code", "统一社会信用代码"), text("tender", "招标方式"),
		date("approved_on", "批复日期"), date("started_on", "开工日期"), date("finished_on", "完工日期"),
		date("accepted_on", "验收日期"), text("status", "项目状态"), number("beneficiary_households", "受益户数"),
		amount("quantity", "建设规模"), text("quantity_unit", "计量单位"),
		key("_project", "项目主键", Project), key("_fund", "资金主键", Fund),
		key("_unit", "实施单位主键", Unit), resolved(text("_contractor", "施工单位主键")), key("_village", "村主键", Village),
		key("_owner", "施工单位法定代表人主键", Person), key("_owner_household", "法定代表人户主键", Household),
		resolved(date("_founded", "施工单位成立日期")), resolved(handle("_founded_ref", "企业登记出处")),
	)
	// Register 比对库: one person or firm in an outside register.
	Register = schema(6, "register", "比对库", "",
		required(text("register_kind", "比对库类别")), required(text("person_name", "姓名")), text("person_id", "身份证号"),
		date("since", "起始日期"), date("until", "截止日期"), text("unit", "单位"),
		money("value", "价值"), text("related_id", "关联证号"),
		text("county", "县"), text("town", "乡镇"), text("village", "村"), text("note", "备注"),
		key("_person", "人员主键", Person), resolved(text("_match", "身份匹配等级")),
		key("_household", "户主键", Household), key("_village", "村主键", Village),
		key("_cadre", "干部主键", Cadre),
	)
	// BankEntry 银行代发/流水.
	BankEntry = schema(7, "bank_entry", "银行流水", "amount",
		required(text("account", "账号")), text("holder_name", "户名"), required(money("amount", "金额")),
		required(date("booked_on", "记账日期")), text("direction", "收支方向"), text("batch", "批次"),
		text("fund_no", "指标文号"), text("outcome", "处理结果"),
		text("counter_account", "对方账号"), text("counter_name", "对方户名"), text("note", "备注"),
		key("_account", "账户主键", Account), key("_person", "持有人主键", Person), key("_fund", "资金主键", Fund),
		key("_village", "收款村主键", Village),
	)
	// Complaint 信访举报.
	Complaint = schema(8, "complaint", "信访举报", "",
		date("received_on", "受理日期"), text("county", "县"), text("town", "乡镇"), text("village", "村"),
		text("subject_name", "被反映人"), text("subject_id", "被反映人身份证号"),
		required(text("about", "反映内容")), text("channel", "来源"),
		key("_person", "被反映人主键", Person), key("_village", "村主键", Village),
	)
)

// The derived tables, made by intake's accounting and by chain.
var (
	// Hop is one transfer between two units with its two sides brought together.
	Hop = schema(9, "hop", "拨付环节", "sent_amount",
		key("fund_no", "资金", Fund), key("from_unit", "拨出单位", Unit), key("to_unit", "收款单位", Unit),
		money("sent_amount", "拨出金额"), date("sent_on", "拨出日期"),
		money("received_amount", "收到金额"), date("received_on", "收到日期"),
		text("pairing", "配对依据"), // row (both sides on one line), exact, window, sum, sent_only, received_only
		key("project_id", "项目", Project),
		text("purpose", "用途"),
		text("to_kind", "收款方类别"),
		text("to_holder", "收款账户持有人"), // the person who holds the payee's account by rosters and the bank's files
		handle("sent_ref", "拨出出处"), handle("received_ref", "收到出处"),
		text("standing", "收款方地位"),                                    // to the fund: inside its chain or projects, outside, unlisted (for a project not of the fund), uncharted (no notice)
		flag("sender_kept", "拨出方有账"), flag("receiver_kept", "收款方有账"), // the input has that side's books of the fund and the time
		number("parts", "笔数"), // ledger lines behind the larger side
	)
	// Stay is one parcel of money at one unit, first in first out, from the day
	// it came to the day it left; out_on is absent while it is still there.
	Stay = schema(10, "stay", "资金停留", "amount",
		key("fund_no", "资金", Fund), key("unit", "单位", Unit), money("amount", "金额"),
		date("in_on", "到达日期"), date("out_on", "离开日期"), number("days", "停留天数"),
		handle("in_ref", "到达出处"), handle("out_ref", "离开出处"),
		text("reading", "读法"),     // of the other readings of who paid: spent_most, as_compiled; absent in the one taken
		date("told_until", "账载至"), // of what is still there: the last day that the unit's books, rosters and balances tell of
		text("left_as", "去向"),     // hop, household, supplier, held, unseen (at a unit that gives no account)
	)
	// Position is where one fund stands at one unit; chains.parquet.
	Position = schema(11, "position", "资金链", "held",
		key("fund_no", "资金", Fund), key("unit", "单位", Unit), number("depth", "层级"),
		money("received", "收到"), money("sent_on", "转拨"), money("paid_out", "发放支付"),
		money("stated_balance", "账面结余"), date("stated_on", "结余日期"),
		money("held", "应有结余"), money("unexplained", "差额"),
		money("least_gap", "最小差额"),   // unexplained, had the unit paid all that it may have
		money("most_gap", "最大差额"),    // the most that another reading gives
		money("open_paid", "其中推定支付"), // of paid_out what no sheet says that it paid
		money("may_pay", "可能支付"),     // of payments that no sheet says it made and that it may have made
		money("compiled", "汇总名册金额"),  // of rosters that the unit compiled and of which no sheet says who paid
		flag("in_known", "收款有账"),     // its own book, or another's, tells what it received
		text("ask", "核问单位"),          // whose rosters are open that the unit may have paid
		date("first_in", "首次到账"), date("last_out", "末次支出"), number("longest_idle_days", "最长停留天数"),
	)
	// Statement is a total, subtotal or head count that a sheet states about
	// itself, beside what its rows give.
	Statement = schema(12, "statement", "表内合计", "stated",
		key("sheet", "表", Sheet), text("table", "数据表"), text("what", "项目"), // total, subtotal, headcount
		text("column", "列"), text("label", "原文"),
		money("stated", "表列金额"), money("computed", "计算金额"), money("rounding", "取整误差"),
		number("stated_count", "表列人数"), number("computed_count", "计算人数"),
	)
)

// Schemas lists every table, in the order of its Index.
var Schemas = []*Schema{
	Payment, Flow, Allocation, Balance, Member, Works, Register, BankEntry, Complaint,
	Hop, Stay, Position, Statement,
}

// Canonical lists the tables that are read from sheets: the contract's section 2.
var Canonical = Schemas[:derived]

// Tables is how many tables there are; derived is the index of the first derived
// one.
const (
	Tables  = 13
	derived = 9
)

// SchemaNamed returns the schema of a name in the contract, or nil.
func SchemaNamed(name string) *Schema {
	for _, s := range Schemas {
		if s.Name == name {
			return s
		}
	}
	return nil
}
