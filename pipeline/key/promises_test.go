package key

import (
	"testing"

	"fundtrace/pipeline/table"
)

// Two persons of one name could claim a rounded number: neither gets it.
func TestRoundedNamesakes(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Payment, 0, "beneficiary_name|beneficiary_id|village|_rounded",
		"张三|"+zhang+"|东村|", "张三|"+twin+"|西村|", "张三|"+zhang[:15]+"000|南村|beneficiary_id"))
	got := col(set, table.Payment, "_person")
	if got[2] == zhang || got[2] == twin {
		t.Errorf("of two namesakes %s got the rounded number", got[2])
	}
}

// Household numbers of up to seven characters are a village's own count, longer
// ones a county's.
func TestHouseholdNumbersByLength(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Member, 0, "household_id|member_name|county|town|village",
		"1234567|甲某|甲县|一镇|东村", "1234567|乙某|甲县|一镇|西村", "12345678|丙某|甲县|一镇|东村", "12345678|丁某|甲县|一镇|西村", "12345678|戊某|乙县|一镇|西村"))
	want(t, set, table.Member, "_household", "甲县/一镇/东村/1234567", "甲县/一镇/西村/1234567", "甲县/12345678", "甲县/12345678", "乙县/12345678")
}

// A roster that leaves the place of its numbers out is of the one household that
// has the number, of none of two.
func TestHouseholdNumbersWithoutPlace(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Member, 0, "household_id|member_name|county|town|village",
			"001|甲某|甲县|一镇|东村", "002|乙某|甲县|一镇|东村", "002|丙某|甲县|一镇|西村", "45990100010001|丁某|甲县|一镇|东村"),
		lines(t, table.Payment, 1, "household_id|beneficiary_name|county", "001|甲某|甲县", "001|甲某|", "002|乙某|甲县", "45990100010001|丁某|", "001|戊某|乙县"))
	want(t, set, table.Payment, "_household", "甲县/一镇/东村/001", "甲县/一镇/东村/001", "甲县/002", "甲县/45990100010001", "乙县/001")
}

// The owner of a firm is its owner on his last day and not on the next.
func TestOwnerOnTheLastDay(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Works, 1, "project_id|name|contractor|approved_on", "P1|路|甲公司|2017-05-31", "P2|桥|甲公司|2017-06-01"),
		lines(t, table.Register, 2, "register_kind|person_name|person_id|unit|until", "company|张三|"+zhang+"|甲公司|2017-05-31"))
	want(t, set, table.Works, "_owner", zhang, "")
}

// Of offices with two characters one that differs makes another office.
func TestShortOfficesAreNotAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"财政", "财经", false}, {"水利局", "水力局", true}, {"财政局", "财政", true}, {"第一小学", "第二小学", false}, {"水利局", "林业局", false},
	} {
		if got := alike(c.a, c.b); got != c.want {
			t.Errorf("alike(%q, %q) = %t", c.a, c.b, got)
		}
	}
}

// What a masked number shows must be the person's; the name and the village join.
func TestMaskedNumbers(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Payment, 0, "beneficiary_name|beneficiary_id|village",
		"张三|"+zhang+"|东村", "李四|"+li+"|东村",
		"张三|459901********2017|东村", "张三|4599**********9999|东村", "李四|□□□□□□19880713205X|东村", "王五|459901XXXXXXXX0150|东村", "张三|459901********2017|"))
	want(t, set, table.Payment, "_person", zhang, li, zhang, "张三@东村", li, "王五@东村", "")
	want(t, set, table.Payment, "_match", "exact", "exact", "name_place", "name_place", "name_place", "name_place", "name")
}
