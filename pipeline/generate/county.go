package generate

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"fundtrace/pipeline/table"
)

// A county is one county while it is being made. What is held of it at any
// time is one town's people and the county's own books.
type county struct {
	world   *world
	index   int
	code    string
	name    string
	ids     *idBook
	batches []*batch
	byKey   map[batchKey]*batch
	notices map[int]int     // numbers of allocation notices used, by year
	used    map[string]bool // funds, and places by rule, that a planter has

	villages int
	planted  map[string]int // cases, by kind

	allocations []*allocation
	transfers   []*transfer
	balances    []balance
	works       []*project
	entries     []entry // of outside registers
	complaints  []complaint
	guests      []*payment // paid by the neighbouring county
}

// A town holds its villages until its books are written.
type town struct {
	county      *county
	index       int
	name        string
	villages    []*village
	rosters     []*roster
	withdrawals []withdrawal // planted
}

// A village is made as a whole.
type village struct {
	town       *town
	index      int // in its town
	name       string
	rand       *rand.Rand
	taken      map[string]bool // names in use
	hamlets    []string
	helpers    []string
	households []*household
	works      []*project
}

func (c *county) finance() string   { return c.name + "财政局" }
func (c *county) authority() string { return c.name + "扶贫开发办公室" }
func (t *town) finance() string     { return t.name + "财政所" }
func (t *town) bank() string {
	return t.county.name + "农村信用合作联社" + t.name + "信用社"
}

// place returns county/town/village.
func (v *village) place() string {
	return v.town.county.name + "/" + v.town.name + "/" + v.name
}

// A batch is one payment of one program by one county, and the fund it is paid
// from.
type batch struct {
	program *program
	period  table.Period
	fund    string
	issued  table.Day // the fund's notice, its money at the county
	sent    table.Day // from the county on to the payers
	paid    table.Day // to households, in the first of the towns
	sums    []table.Fen
}

type batchKey struct {
	program *program
	period  table.Period
}

// plan lays out the county's batches of both years.
func (c *county) plan(towns int) {
	r := c.world.rand("batches", c.index)
	c.byKey = map[batchKey]*batch{}
	c.notices = map[int]int{}
	for year := firstYear; year < firstYear+years; year++ {
		for i, p := range programs {
			for _, period := range p.periods(year) {
				paid := p.payDay(r, i, period)
				b := &batch{program: p, period: period, paid: paid, sums: make([]table.Fen, towns)}
				b.sent = paid - table.Day(12+r.IntN(6))
				b.issued = b.sent - table.Day(12+r.IntN(8))
				if p.payer == countyPays {
					b.issued = paid - table.Day(14+r.IntN(8))
				}
				b.fund = c.notice(year)
				c.batches = append(c.batches, b)
				c.byKey[batchKey{p, period}] = b
			}
		}
	}
}

func (c *county) batch(p *program, period table.Period) *batch { return c.byKey[batchKey{p, period}] }

// noticesPerCounty keeps the numbers of allocation notices of counties apart.
const noticesPerCounty = 1000

// notice returns the number of a new allocation notice.
func (c *county) notice(year int) string {
	c.notices[year]++
	return fmt.Sprintf("自财农〔%d〕%d号", year, c.index*noticesPerCounty+c.notices[year])
}

// title returns the title of a batch's allocation notice.
func (b *batch) title() string {
	return fmt.Sprintf("关于下达%s%s资金的通知", periodWords(b.period), b.program.short)
}

// periodWords writes a period as offices do: 2017年 or 2017年第一季度.
func periodWords(p table.Period) string {
	if p.Months() == 12 {
		return fmt.Sprintf("%d年", p.Year())
	}
	return fmt.Sprintf("%d年第%s季度", p.Year(), quarterWord(p))
}

func quarterWord(p table.Period) string {
	return []string{"一", "二", "三", "四"}[p.From()%12/3]
}

// rand returns a source of its own for one part of the world, so that no part
// depends on how much chance another used.
func (w *world) rand(part string, numbers ...int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, part, numbers)
	return rand.New(rand.NewPCG(w.opt.Seed, h.Sum64()))
}

// settleVillage makes a village of n households; first numbers its first
// household in the world.
func (t *town) settleVillage(index, inCounty, n, first int) (*village, error) {
	v := &village{
		town: t, index: index, name: villageName(inCounty),
		rand: t.county.world.rand("village", t.county.index, inCounty), taken: map[string]bool{},
	}
	for i := range 2 + v.rand.IntN(3) {
		v.hamlets = append(v.hamlets, hamletNames[(inCounty+i)%len(hamletNames)])
	}
	for range 3 {
		v.helpers = append(v.helpers, inventName(v.rand, surname(v.rand), v.rand.IntN(2) == 0, v.taken))
	}
	for i := range n {
		h := &household{
			no: householdNo(v, i), account: accountNumber(first + i), phone: phoneNumber(first + i),
			helper:  v.helpers[v.rand.IntN(len(v.helpers))],
			village: v,
		}
		h.no = householdNo(v, i)
		if err := v.settle(h, shape{}); err != nil {
			return nil, err
		}
		v.households = append(v.households, h)
	}
	return v, nil
}
