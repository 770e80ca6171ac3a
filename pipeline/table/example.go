package table

// examples are values of fields as sheets hold them once cleaned, for people who
// look a field up; by type where a field is not listed.
var examples = map[string]string{
	"head_name": "韦大山", "beneficiary_name": "韦小妹", "payee_name": "韦大山", "member_name": "韦小妹", "person_name": "黄云", "holder_name": "韦大山",
	"subject_name": "黄云", "handler": "农小谷", "helper": "农小谷", "counter_name": "甲县百利商贸有限公司",
	"head_id": "459901197001010016", "beneficiary_id": "459901197210100763", "payee_id": "459901197001010016", "member_id": "459901197210100763",
	"person_id": "459901196503050021", "subject_id": "459901196503050021", "related_id": "459901197001010016",
	"account": "6217000000000000031", "from_account": "4500000000000001", "to_account": "4500000000000002", "counter_account": "4500000000000003",
	"bank": "甲县农村信用社", "household_id": "45990100100100012", "phone": "13800000000", "program": "农村低保", "tier": "低保户", "period": "2017-03, 2017Q1, 2017",
	"state": "已发, 退款, 停发", "batch": "第一批", "fund_no": "甲财农〔2017〕2号", "project_id": "甲X2017029",
	"county": "甲县", "town": "大河镇", "village": "石山村", "hamlet": "上屯", "payer": "大河镇财政所", "note": "退回重发",
	"from_unit": "甲县财政局", "to_unit": "大河镇财政所", "purpose": "农村低保", "voucher_no": "记-0012",
	"title": "关于下达2017年农村低保资金的通知", "level": "中央, 自治区, 市, 县", "issuer": "甲县财政局", "holder": "甲县民政局", "unit": "大河镇财政所",
	"relation": "户主, 配偶, 之子", "category": "一般, 低保, 五保", "year": "2017", "registered_year": "2015", "exit_year": "2017", "status": "未脱贫, 已脱贫, 返贫",
	"name": "石山村屯级道路硬化", "kind": "道路", "contractor": "甲县百利建筑有限公司", "contractor_code": "91459901MA5K00000X", "tender": "公开招标, 询价, 直接发包",
	"quantity": "2.5", "quantity_unit": "公里", "beneficiary_households": "63", "household_size": "4",
	"register_kind": "deceased", "direction": "in, out", "outcome": "success, returned", "about": "反映低保金被代领", "channel": "来信",
	"_birth": "1970-01-01", "_sex": "男", "_age": "47",
}

var typeExamples = map[Type]string{Money: "1234.50", Amount: "2.5", Date: "2017-05-15", Number: "4", Bool: "true", Span: "2017-03"}

// Example returns a value of a field that sheets fill, for people.
func (f Field) Example() string {
	if s, ok := examples[f.Name]; ok {
		return s
	}
	return typeExamples[f.Type]
}

// String returns the type's name as documentation has it.
func (t Type) String() string {
	return [...]string{Text: "text", Span: "period", Money: "money", Amount: "quantity", Date: "date", Number: "number", Bool: "yes/no", Handle: "place"}[t]
}
