package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	keys "fundtrace/pipeline/key"
	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// How many to visit.
const (
	perVillage = 5  // subjects with leads, of each village
	perCounty  = 30 // households without, of each county: none with a problem among 30 bounds their share at 10 % (rule of three)
)

// A visitPlan is who to visit and how they were drawn.
type visitPlan struct {
	seed     string
	eligible int // households without any lead
	visits   []visit
}

// A visit is one subject with its leads, or a control without.
type visit struct {
	contact
	leads []*rank.Lead
}

// A contact is what the tables know of a person or household.
type contact struct {
	name, id, household, phone, county, town, village, hamlet string
}

// fill takes from o what c lacks.
func (c *contact) fill(o contact) {
	for _, f := range []struct{ to, from *string }{
		{&c.name, &o.name}, {&c.id, &o.id}, {&c.household, &o.household}, {&c.phone, &o.phone}, {&c.hamlet, &o.hamlet},
	} {
		*f.to = cmp.Or(*f.to, *f.from)
	}
	if c.county == "" && c.town == "" && c.village == "" {
		c.county, c.town, c.village = o.county, o.town, o.village
	}
}

// newVisitPlan draws the visits.
func newVisitPlan(d *Data, leads []*rank.Lead) *visitPlan {
	p := &visitPlan{seed: seed(d)}
	known := newContacts(d, leads)
	type key struct{ county, town, village string }
	byVillage := map[key][]*visit{}
	byCase := map[string]*visit{}
	var order []key
	for _, l := range leads {
		switch l.SubjectKind {
		case "person", "household", "account", "project", "village":
		default:
			continue
		}
		if l.Status == "gone" || l.Status == "refuted" {
			continue
		}
		id := cmp.Or(l.CaseID, l.SubjectKind+"\x00"+l.SubjectKey)
		if v := byCase[id]; v != nil {
			v.leads = append(v.leads, l)
			continue
		}
		k := key{l.County, l.Town, l.Village}
		if byVillage[k] == nil {
			order = append(order, k)
		}
		if len(byVillage[k]) == perVillage {
			continue
		}
		v := &visit{contact: contact{name: l.SubjectName, county: l.County, town: l.Town, village: l.Village}, leads: []*rank.Lead{l}}
		if l.SubjectKind == "person" {
			v.id = l.SubjectKey
		}
		v.fill(known.of[l.SubjectKind+"\x00"+l.SubjectKey])
		byCase[id] = v
		byVillage[k] = append(byVillage[k], v)
	}
	slices.SortFunc(order, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.county, b.county), cmp.Compare(a.town, b.town), cmp.Compare(a.village, b.village))
	})
	for _, k := range order {
		for _, v := range byVillage[k] {
			p.visits = append(p.visits, *v)
		}
	}
	controls, eligible := known.controls(p.seed)
	p.eligible = eligible
	for _, c := range controls {
		p.visits = append(p.visits, visit{contact: c})
	}
	return p
}

// seed is what the draw depends on: the inputs and the as-of date.
func seed(d *Data) string {
	var sums []string
	for _, in := range d.Intake.Inputs {
		sums = append(sums, in.SHA256)
	}
	slices.Sort(sums)
	sum := sha256.Sum256([]byte(strings.Join(sums, "\n") + "\n" + d.AsOf.String()))
	return hex.EncodeToString(sum[:8])
}

// contacts are what the rosters say of the subjects of leads, and which
// households have no lead at all.
type contacts struct {
	d       *Data
	of      map[string]contact // "person\0KEY", "household\0KEY", "account\0KEY"
	flagged map[string]bool    // households with a lead, their own or a member's
}

// rosters are the tables that tell where people live, the register first.
var rosters = []struct {
	schema           *table.Schema
	name, id, number string
}{
	{table.Member, "member_name", "member_id", ""},
	{table.Payment, "beneficiary_name", "beneficiary_id", "_account"},
}

func newContacts(d *Data, leads []*rank.Lead) *contacts {
	c := &contacts{d: d, of: map[string]contact{}, flagged: map[string]bool{}}
	for _, l := range leads {
		switch l.SubjectKind {
		case "person", "household", "account":
			c.of[l.SubjectKind+"\x00"+l.SubjectKey] = contact{}
			if l.SubjectKind == "household" {
				c.flagged[l.SubjectKey] = true
			}
		}
	}
	for _, ro := range rosters {
		t := d.Tables.Get(ro.schema)
		keys := []struct{ kind, column string }{{"person", "_person"}, {"household", "_household"}}
		if ro.number != "" {
			keys = append(keys, struct{ kind, column string }{"account", ro.number})
		}
		for _, k := range keys {
			codes, dict := t.Words(k.column)
			wanted := make([]bool, len(dict))
			for i, v := range dict {
				_, wanted[i] = c.of[k.kind+"\x00"+v]
			}
			for row, code := range codes {
				if code == table.NullCode || !wanted[code] {
					continue
				}
				id := k.kind + "\x00" + dict[code]
				have := c.of[id]
				have.fill(at(t, ro.name, ro.id, row))
				c.of[id] = have
				if h := t.Text("_household", row); h != "" {
					c.flagged[h] = true
				}
			}
		}
	}
	return c
}

// at returns what one row says of its person.
func at(t *table.Table, name, id string, row int) contact {
	return contact{
		name: t.Text(name, row), id: t.Text(id, row), household: keys.HouseholdNumber(t.Text("_household", row)), phone: t.Text("phone", row),
		county: t.Text("county", row), town: t.Text("town", row), village: t.Text("village", row), hamlet: t.Text("hamlet", row),
	}
}

// controls draws households without leads, the same number of each county, and
// says how many there were to draw from.
func (c *contacts) controls(seed string) (out []contact, eligible int) {
	type drawn struct {
		lot  [sha256.Size]byte
		t    *table.Table
		row  int
		name string
		id   string
	}
	seen := map[string]bool{}
	byCounty := map[string][]drawn{}
	for _, ro := range rosters {
		t := c.d.Tables.Get(ro.schema)
		codes, dict := t.Words("_household")
		first := make([]int, len(dict))
		for i := range first {
			first[i] = -1
		}
		for row, code := range codes {
			if code != table.NullCode && first[code] < 0 {
				first[code] = row
			}
		}
		for i, h := range dict {
			if first[i] < 0 || seen[h] {
				continue
			}
			seen[h] = true
			if c.flagged[h] {
				continue
			}
			eligible++
			county := t.Text("county", first[i])
			byCounty[county] = append(byCounty[county], drawn{sha256.Sum256([]byte(seed + h)), t, first[i], ro.name, ro.id})
		}
	}
	var counties []string
	for k := range byCounty {
		counties = append(counties, k)
	}
	slices.Sort(counties)
	for _, k := range counties {
		lots := byCounty[k]
		slices.SortFunc(lots, func(a, b drawn) int { return bytes.Compare(a.lot[:], b.lot[:]) })
		from := len(out)
		for _, x := range lots[:min(perCounty, len(lots))] {
			out = append(out, at(x.t, x.name, x.id, x.row))
		}
		slices.SortStableFunc(out[from:], func(a, b contact) int {
			return cmp.Or(cmp.Compare(a.town, b.town), cmp.Compare(a.village, b.village), cmp.Compare(a.hamlet, b.hamlet))
		})
	}
	return out, eligible
}

// visits is the sheet that goes along to the village.
func (b *book) visits(p *visitPlan) sheet {
	cols := append([]col{
		{head: b.t("序号", "No."), width: 5, look: whole},
		{head: b.t("类别", "Why"), width: b.w(5.5, 7), look: centered},
		{head: b.t("县", "County"), width: 6.5, look: plain},
		{head: b.t("乡镇、村、组", "Address"), width: 12, look: plain},
		{head: b.t("姓名（名称）", "Name"), width: 8.5, look: plain},
		{head: b.t("证件号码\n户编号", "ID number\nhousehold"), width: 18, look: plain},
		{head: b.t("联系电话", "Phone"), width: 12.5, look: centered},
		{head: b.leadIDHead(), width: 9, look: centered},
		{head: b.t("要问什么", "What to ask"), width: 38, look: plain},
		{head: b.t("要看什么", "What to look at"), width: 30, look: plain},
	}, b.fills()...)
	return sheet{
		name:  b.t("走访核查单", "Visits"),
		title: b.t("走访核查单", "Visits"),
		note: fmt.Sprintf(b.t("“重点”为各村得分最高的对象，“对照”为随机抽取的无线索户，抽样种子 %s，方法见“说明”。对照户同样要走到、问到、看到，不得替换。",
			"“Lead”: the strongest of each village; “control”: households without leads, drawn at random with seed %s, see Read me. Visit the controls too and replace none."), p.seed),
		cols: cols,
		rows: len(p.visits),
		row: func(i int) []any {
			v := p.visits[i]
			var fill []any
			kind, ids, ask, look := b.t("对照", "control"), "", b.controlAsk(), b.controlLook()
			if len(v.leads) > 0 {
				kind = b.t("重点", "lead")
				var idList, asks, looks []string
				for _, l := range v.leads[:min(len(v.leads), 6)] {
					idList = append(idList, l.ID)
					asks = append(asks, l.Rule.Title.In(b.d.Lang)+b.t("：", ": ")+l.Summary)
					if x := l.Rule.Doc.Verify.In(b.d.Lang); !slices.Contains(looks, x) {
						looks = append(looks, x)
					}
				}
				ids, ask, look = strings.Join(idList, "\n"), strings.Join(asks, "\n"), strings.Join(looks, "\n")
				ask += more(len(v.leads)-6, b.d.Lang)
				if len(v.leads) == 1 {
					fill = b.filled(v.leads[0])
				}
			}
			number := strings.Trim(v.id+"\n"+v.household, "\n")
			return append([]any{i + 1, kind, v.county, v.town + v.village + v.hamlet, v.name, number, v.phone, ids, ask, look}, fill...)
		},
	}
}

func (b *book) controlAsk() string {
	return b.t("家里几口人、靠什么收入；近三年领过哪些补贴、每次多少、是否足额到手；存折和一卡通由谁保管；有没有人要求交回或代领；是否知道脱贫并签字。",
		"Members and income; which benefits in three years, how much, in full or not; who keeps the passbook; whether anyone asked for money back; whether they know of and signed their exit.")
}

func (b *book) controlLook() string {
	return b.t("存折或一卡通流水与名册是否一致；住房、饮水；在校生、参保情况；扶贫手册和公示记录。",
		"Passbook against the rosters; house and water; schooling and insurance; the household's handbook and the notices.")
}
