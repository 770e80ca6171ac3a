package key

import (
	"testing"

	"fundtrace/pipeline/table"
)

// A join that two persons could claim is not made: not by the digits that a
// rounded number kept, not by a village and an account that both have.
func TestTwoClaims(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Member, 0, "member_name|member_id|county|town|village",
			"韦大山|459901197001010016|甲县|大河镇|石山村",
			"韦大山|459901197001010315|甲县|大河镇|平山村",
			"黄小河|459901196503050021|甲县|大河镇|石山村",
			"黄小河|459901197210100763|甲县|大河镇|石山村"),
		lines(t, table.Payment, 1, "beneficiary_name|beneficiary_id|account|county|town|village|_rounded",
			"黄小河|459901196503050021|62170001|甲县|大河镇|石山村|",
			"黄小河|459901197210100763|62170001|甲县|大河镇|石山村|",
			"韦大山|459901197001010000||甲县|大河镇|高山村|beneficiary_id",
			"黄小河||62170001|甲县|大河镇|石山村|"))
	want(t, set, table.Payment, "_person", "459901196503050021", "459901197210100763", "459901197001010000", "黄小河@甲县/大河镇/石山村")
}

// A household number shorter than a county's numbers are is its village's.
func TestShortHouseholdNumbers(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Member, 0, "household_id|member_name|member_id|county|town|village",
		"1234567|韦大山|459901197001010016|甲县|大河镇|石山村",
		"1234567|黄小河|459901196503050021|甲县|大河镇|平山村",
		"12345678|莫四|45990119700101034X|甲县|大河镇|石山村",
		"12345678|蓝五|459901197001010358|甲县|大河镇|平山村"))
	m := set.Get(table.Member)
	house := func(row int) string { return m.Text("_household", row) }
	if house(0) == house(1) {
		t.Errorf("a number of seven characters is one household in two villages: %q", house(0))
	}
	if house(2) != house(3) {
		t.Errorf("a number of eight characters is two households: %q and %q", house(2), house(3))
	}
}

// Who leaves a firm on the day of the award still owned it that day.
func TestOwnersLastDay(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Works, 1, "project_id|name|contractor|approved_on", "P1|路|甲公司|2017-05-01", "P2|桥|甲公司|2017-05-02"),
		lines(t, table.Register, 2, "register_kind|person_name|person_id|unit|until", "company|韦大山|459901197001010016|甲公司|2017-05-01"))
	want(t, set, table.Works, "_owner", "459901197001010016", "")
}

// Offices of two characters that differ in one are no suggestion.
func TestSuggestsNoShortNames(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Flow, 0, "from_unit|to_unit|received_amount", "甲县水局|乙县财政局|1", "甲县水所|乙县财政局|1"))
	if got := Suggest(set); len(got) != 0 {
		t.Errorf("suggested %v", got)
	}
}

// A payee has a household of his own: the number of the beneficiary's tells no
// namesake of his from another.
func TestPayeesHousehold(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Member, 0, "household_id|member_name|member_id|county|town|village",
			"H31|石小坪|459901197001010446|甲县|大河镇|石山村"),
		lines(t, table.Register, 1, "register_kind|person_name|person_id|county|town|village",
			"village_cadre|石小坪|459901197005050752|甲县|大河镇|石山村"),
		lines(t, table.Payment, 2, "beneficiary_name|beneficiary_id|household_id|payee_name|county|town|village",
			"莫四|45990119700101034X|H4|石小坪|甲县|大河镇|石山村"))
	want(t, set, table.Payment, "_payee", "石小坪@甲县/大河镇/石山村")
}
