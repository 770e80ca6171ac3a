package column

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// SampleSize is how many filled cells of a column are enough to tell what it
// holds.
const SampleSize = 60

// A Cell is one cell below a heading as the reader of cells sees it.
type Cell struct {
	Text    string // folded; "" for a blank cell
	Number  bool   // it reads as a count or a quantity: 56户
	Year    bool   // it reads as a year: 2016年脱贫
	Money   bool   // it reads as an amount of money
	Fen     int64  // that amount, in the sheet's own unit taken as yuan
	Day     bool   // it reads as a day
	Month   bool   // it reads as a month, a quarter or the like
	Flag    bool   // it answers yes or no, or how things are
	ID      bool   // a valid identity number
	Person  bool   // a name as people have: two to four characters, a known surname first
	Program bool   // a program that the policy knows
	Tier    bool   // a tier of the program that the titles name
}

// A kind is what the cells of a column may be, an index of Profile.fits.
type kind int

// May says what the cells of a kind cannot do without.
type may int

const (
	mayAny    may = iota
	mayText       // Chinese words
	mayNumber     // a number
	mayMoney
	mayDay
	mayMonth
	mayYear
	mayLong // eight digits, or marks in their place
	mayCode // a digit
	mayFlag
)

var mays = map[string]may{"any": mayAny, "text": mayText, "number": mayNumber, "money": mayMoney, "day": mayDay, "month": mayMonth, "year": mayYear, "long": mayLong, "code": mayCode, "flag": mayFlag}

// kinds are the kinds of cells, as the lexicon declares them.
type kinds struct {
	named map[string]kind
	list  []kindOf
	is    map[string][]kind
	ends  map[rune][]ending
}

type kindOf struct {
	name  string
	may   may
	form  *regexp.Regexp
	has   []string
	fact  string
	never []string // ends of headings under which none stand
	worth float64  // log-odds that a column full of them is worth
}

type ending struct {
	word string
	kind kind
}

// typ is the type of field that such cells fill.
func (m may) typ() table.Type {
	switch m {
	case mayMoney:
		return table.Money
	case mayDay:
		return table.Date
	}
	return table.Text
}

// loadKinds reads the section cells of the lexicon.
func loadKinds(items yaml.MapSlice) (kinds, error) {
	k := kinds{named: map[string]kind{}, is: map[string][]kind{}, ends: map[rune][]ending{}}
	for _, item := range items {
		var f struct {
			Needs string
			Fact  string
			Form  string
			Is    []string
			Ends  []string
			Has   []string
			Never []string
		}
		name := item.Key.(string)
		text, err := yaml.Marshal(item.Value)
		if err != nil {
			return k, err
		}
		if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
			return k, fmt.Errorf("cells: %s: %w", name, err)
		}
		at := kind(len(k.list))
		of := kindOf{name: name, fact: f.Fact, has: f.Has}
		var ok bool
		if of.may, ok = mays[f.Needs]; !ok {
			return k, fmt.Errorf("cells: %s: needs %q: not known", name, f.Needs)
		}
		if f.Form != "" {
			if of.form, err = regexp.Compile("^(?:" + f.Form + ")$"); err != nil {
				return k, fmt.Errorf("cells: %s: %w", name, err)
			}
		}
		for _, w := range f.Is {
			k.is[words.Fold(w)] = append(k.is[words.Fold(w)], at)
		}
		for _, w := range f.Ends {
			last, _ := utf8.DecodeLastRuneInString(w)
			k.ends[last] = append(k.ends[last], ending{w, at})
		}
		for _, w := range f.Never {
			of.never = append(of.never, Word(w))
		}
		k.named[name] = at
		k.list = append(k.list, of)
	}
	return k, nil
}

// A Profile is what the cells of one column look like, whatever its header says.
type Profile struct {
	Filled   int       // filled cells looked at, at most SampleSize
	fits     []float64 // per kind: share of them that are of it
	may      [mayFlag + 1]float64
	distinct float64
	programs int
	tiers    int
	sums     []int64 // the money of every row looked at, nothing as table.Null
	serial   bool    // 1, 2, 3 and on
	runes    float64 // a cell
}

// Profile makes the profile of a column of its cells, from the first row of data
// on; blank ones count for nothing but their place.
func (x *Lexicon) Profile(cells []Cell) Profile {
	p := Profile{fits: make([]float64, len(x.kinds.list)), serial: true}
	seen := map[string]bool{}
	runes, last := 0, int64(0)
	for i := range cells {
		c := &cells[i]
		sum := int64(table.Null)
		if c.Text != "" {
			if c.Money {
				sum = c.Fen
			}
			p.Filled++
			if !seen[c.Text] {
				seen[c.Text] = true
			}
			runes += utf8.RuneCountInString(c.Text)
			p.count(&x.kinds, c)
			p.serial = p.serial && c.Money && c.Fen%100 == 0 && (last == 0 || c.Fen == last+100)
			last = c.Fen
		}
		p.sums = append(p.sums, sum)
	}
	n := float64(max(p.Filled, 1))
	for i := range p.fits {
		p.fits[i] /= n
	}
	for i := range p.may {
		p.may[i] /= n
	}
	p.distinct, p.runes = float64(len(seen))/n, float64(runes)/n
	p.serial = p.serial && p.Filled > 2
	x.kinds.whole(&p)
	return p
}

// count adds one filled cell.
func (p *Profile) count(ks *kinds, c *Cell) {
	t := c.Text
	n, hanText, nDigits := len(t), false, 0
	for _, r := range t {
		switch {
		case r >= '0' && r <= '9' || r == '*':
			nDigits++
		case han(r):
			hanText = true
		}
	}
	runes := utf8.RuneCountInString(t)
	year := n >= 4 && n <= 7 && (t[:2] == "19" || t[:2] == "20") && nDigits == 4
	small := nDigits > 0 && nDigits == n && n <= 2
	fits := func(k kind) { p.fits[k]++ }
	for i, of := range ks.list {
		ok := false
		switch of.fact {
		case "":
			ok = of.form != nil && of.form.MatchString(t) || len(of.has) > 0 && containsAny(t, of.has)
		case "id":
			ok = c.ID
		case "account":
			ok = n >= 15 && n <= 19 && digits(t) && !c.ID
		case "phone":
			ok = n == 11 && t[0] == '1' && t[1] >= '3' && digits(t)
		case "person":
			ok = c.Person
		case "money":
			ok = c.Money && !c.ID && n < 14 && !c.Day
		case "number":
			ok = c.Money && n < 12
		case "count":
			ok = small
		case "day":
			ok = c.Day && !year && !(c.Money && n <= 6 && digits(t)) // a serial day is a number as well
		case "month":
			ok = c.Month && !year
		case "year":
			ok = year
		case "flag":
			ok = c.Flag
		case "code":
			ok = !hanText && nDigits >= 3 && !c.Day && !c.ID && !strings.ContainsRune(t, '.')
		case "text":
			ok = hanText
		case "title":
			ok = hanText && runes >= 5
		case "story":
			ok = hanText && runes >= 9
		case "program":
			ok = c.Program
		}
		if ok {
			fits(kind(i))
		}
	}
	for _, k := range ks.is[t] {
		fits(k)
	}
	r, _ := utf8.DecodeLastRuneInString(t)
	for _, e := range ks.ends[r] {
		if len(t) > len(e.word) && strings.HasSuffix(t, e.word) {
			fits(e.kind)
		}
	}
	for k, ok := range [...]bool{mayAny: true, mayText: hanText, mayNumber: c.Number || c.Money, mayMoney: c.Money, mayDay: c.Day || c.Month, mayMonth: c.Month || c.Day || small || year, mayYear: c.Year || year || c.Day || c.Month, mayLong: nDigits >= 8, mayCode: nDigits > 0, mayFlag: c.Flag} {
		if ok {
			p.may[k]++
		}
	}
	if c.Program {
		p.programs++
	}
	if c.Tier {
		p.tiers++
	}
}

// whole takes back what only all cells together show.
func (ks *kinds) whole(p *Profile) {
	for i, of := range ks.list {
		p.fits[i] = min(p.fits[i], 1)
		switch {
		case (of.fact == "code" || of.fact == "number" || of.fact == "count" || of.fact == "money") && p.serial,
			of.fact == "title" && p.distinct < 0.5, of.fact == "story" && p.distinct < 0.15:
			p.fits[i] = 0
		}
	}
}

// covers reports whether the sums of p are nowhere under those of part and
// somewhere over.
func (p *Profile) covers(part *Profile) bool {
	over := false
	for i := range min(len(p.sums), len(part.sums)) {
		whole, some := p.sums[i], part.sums[i]
		if whole == table.Null || some == table.Null {
			continue
		}
		if some > whole && whole >= 0 {
			return false
		}
		over = over || some < whole
	}
	return over
}
