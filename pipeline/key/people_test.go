package key

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/table"
)

// A world is generated payments and who each line is really about.
type world struct {
	rows  []line
	truth []int // row → person
}

// A line is one payment as an office wrote it.
type line struct{ name, id, rounded, village, account, number string }

// generate makes persons of villages of 300 with one to six payments each, half
// of these without an account, and dirt
// in the given share of their numbers and, apart, of their names: digits typed
// wrong or swapped, rounding, 15 digits, blanks and lower-case x, numbers left
// out; variant characters, blanks and notes in names. Names repeat as they do
// in villages of few surnames; every fiftieth person has a namesake next door
// and every sixtieth a twin with the next serial.
func generate(seed uint64, persons int, dirt float64) world {
	r := rand.New(rand.NewPCG(seed, 11))
	surnames := []rune("张王李赵陈刘韦黄覃农陆蒙罗梁莫卢杨周吴邓")
	given := []rune("国华建军秀英丽明强伟芳兰贵文玉春德荣福金凤琼志勇平生光林海山红梅燕珍永庆东亮飞龙云龙")
	type person struct{ name, id, village, account string }
	people := make([]person, 0, persons)
	used := map[string]bool{}
	number := func(birth string, serial int) string {
		s := fmt.Sprintf("459901%s%03d", birth, serial)
		return s + string(idnum.CheckOf(s))
	}
	for len(people) < persons {
		i := len(people)
		p := person{village: fmt.Sprintf("村%d", i/300), account: fmt.Sprintf("6228%09d", i*7)}
		p.name = string(surnames[r.IntN(len(surnames))]) + string(given[r.IntN(len(given))])
		if r.IntN(5) > 0 {
			p.name += string(given[r.IntN(len(given))])
		}
		birth := fmt.Sprintf("%d%02d%02d", 1935+r.IntN(80), 1+r.IntN(12), 1+r.IntN(28))
		p.id = number(birth, r.IntN(1000))
		switch {
		case i > 0 && i%50 == 0:
			p.name = people[i-1].name
		case i > 0 && i%60 == 0:
			twin := people[i-1].id
			var serial int
			fmt.Sscanf(twin[14:17], "%d", &serial)
			p.id = number(twin[6:14], (serial+1)%1000)
			p.name = string([]rune(people[i-1].name)[:1]) + "双"
		}
		for used[p.id] {
			p.id = number(birth, r.IntN(1000))
			birth = fmt.Sprintf("%d%02d%02d", 1935+r.IntN(80), 1+r.IntN(12), 1+r.IntN(28))
		}
		used[p.id] = true
		people = append(people, p)
	}
	var w world
	for i, p := range people {
		for range 1 + r.IntN(6) {
			l := line{name: p.name, id: p.id, village: p.village}
			if r.IntN(2) == 0 {
				l.account = p.account
			}
			if r.Float64() < dirt {
				l.soilNumber(r)
			}
			if r.Float64() < dirt {
				l.soilName(r)
			}
			w.rows = append(w.rows, l)
			w.truth = append(w.truth, i)
		}
	}
	return w
}

func (l *line) soilNumber(r *rand.Rand) {
	b := []byte(l.id)
	switch r.IntN(7) {
	case 0:
		i := r.IntN(17)
		b[i] = '0' + (b[i]-'0'+byte(1+r.IntN(9)))%10
		l.id = string(b)
	case 1:
		i := r.IntN(16)
		b[i], b[i+1] = b[i+1], b[i]
		l.id = string(b)
	case 2:
		l.id, l.rounded = l.id[:15]+"000", "beneficiary_id"
	case 3:
		if l.id[6:8] == "19" {
			l.id = l.id[:6] + l.id[8:17]
		}
	case 4:
		l.id = l.id[:6] + " " + strings.ToLower(l.id[6:])
	case 5:
		l.id = ""
	case 6:
		l.id = "'" + l.id + "43"
	}
}

func (l *line) soilName(r *rand.Rand) {
	rs := []rune(l.name)
	switch r.IntN(4) {
	case 0:
		l.name = string(rs[:1]) + "　" + string(rs[1:])
	case 1:
		l.name += "(户主)"
	case 2:
		l.name = strings.NewReplacer("国", "國", "张", "張", "华", "華", "陈", "陳", "东", "東", "云", "雲").Replace(l.name)
	case 3: // a homophone
		l.name = strings.NewReplacer("建", "健", "英", "瑛", "明", "鸣", "伟", "玮", "文", "闻", "志", "智").Replace(l.name)
	}
}

// table builds the world's payments in the order of perm, nil for its own.
func (w world) table(t testing.TB, perm []int) *table.Table {
	b := table.NewBuilder(table.Payment)
	for i := range w.rows {
		at := i
		if perm != nil {
			at = perm[i]
		}
		l := w.rows[at]
		*b.Ints(table.RefColumn) = append(*b.Ints(table.RefColumn), int64(table.NewRef(0, i+2)))
		b.Words("_rounded").Append(l.rounded)
		b.Words("beneficiary_name").Append(l.name)
		b.Words("beneficiary_id").Append(l.id)
		b.Words("county").Append("甲县")
		b.Words("town").Append("一镇")
		b.Words("village").Append(l.village)
		b.Words("account").Append(l.account)
		b.Words("household_id").Append(l.number)
	}
	out, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// keysByLine resolves the world in an order of rows and returns each line's
// key, grade and household in the world's own order.
func keysByLine(t testing.TB, w world, perm []int) []string {
	set, _ := resolve(t, w.table(t, perm))
	person, match, house := col(set, table.Payment, "_person"), col(set, table.Payment, "_match"), col(set, table.Payment, "_household")
	out := make([]string, len(person))
	for i := range person {
		at := i
		if perm != nil {
			at = perm[i]
		}
		out[at] = person[i] + " " + match[i] + " " + house[i]
	}
	return out
}

// pairs counts pairs of lines: of one person by the keys, of one person in
// truth, and of one by both.
func pairs(keys []string, truth []int) (joined, real, both int64) {
	count := func(n map[string]int64) (sum int64) {
		for _, c := range n {
			sum += c * (c - 1) / 2
		}
		return sum
	}
	k, tr, kt := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for i, key := range keys {
		who := fmt.Sprint(truth[i])
		tr[who]++
		if key != "" {
			k[key]++
			kt[key+"|"+who]++
		}
	}
	return count(k), count(tr), count(kt)
}

// Of pairs of lines that share a key nearly all are one person's, and of one
// person's lines nearly all share a key.
func TestPrecisionAndRecall(t *testing.T) {
	for _, c := range []struct{ dirt, precision, recall float64 }{
		{0.01, 0.999, 0.995},
		{0.05, 0.998, 0.98},
		{0.10, 0.997, 0.96},
	} {
		w := generate(3, 12_000, c.dirt)
		set, _ := resolve(t, w.table(t, nil))
		joined, real, both := pairs(col(set, table.Payment, "_person"), w.truth)
		precision, recall := float64(both)/float64(joined), float64(both)/float64(real)
		t.Logf("dirt %.2f: precision %.5f, recall %.5f", c.dirt, precision, recall)
		if precision < c.precision || recall < c.recall {
			t.Errorf("dirt %.2f: precision %.5f, recall %.5f, want %.3f and %.3f", c.dirt, precision, recall, c.precision, c.recall)
		}
	}
}

// The cost a row should be about the same for both sizes.
func BenchmarkResolve(b *testing.B) {
	for _, rows := range []int{1_000_000, 4_000_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			t := generate(5, rows*2/7, 0.05).table(b, nil)
			for b.Loop() {
				resolve(b, t)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/row")
		})
	}
}
