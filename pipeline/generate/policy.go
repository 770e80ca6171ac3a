package generate

import (
	"fmt"
	"strings"
)

// policy returns the policy file of the world: the invented places, the line of
// 2017 and the programs' standards.
func (w *world) policy() []byte {
	var regions strings.Builder
	for i := range w.truth.Counties {
		fmt.Fprintf(&regions, "  \"4599%02d\": %s\n", i+1, countyName(i))
	}
	return []byte(strings.Replace(policyText, "REGIONS\n", regions.String(), 1))
}

// policyText has the same standards as programs; a test holds them together.
const policyText = `# The policy of a generated county. Places, people and figures are invented.
regions:
REGIONS
poverty_line:
  - {year: 2016, yuan: 2952, source: invented county}
  - {year: 2017, yuan: 3300, source: invented county}

asset_limits:
  - {kind: vehicle, yuan: 50000, source: invented county}
  - {kind: property, yuan: 150000, source: invented county}
  - {kind: company, yuan: 100000, source: invented county}

programs:
  农村低保:
    aliases: [低保, 农村最低生活保障, 农村低保金]
    unit: household
    means_tested: true
    after_exit: true
    exclusive_with: [特困供养, 城市低保]
    purpose: [低保]
    standard:
      - {from: 2016, tier: A类, yuan: 540, per: person}
      - {from: 2016, tier: B类, yuan: 450, per: person}
      - {from: 2016, tier: C类, yuan: 360, per: person}
    means_line: [{from: 2016, yuan: 3600}]
  特困供养:
    aliases: [五保供养, 农村五保, 五保金]
    unit: person
    means_tested: true
    after_exit: true
    exclusive_with: [农村低保]
    tiers: [{tier: 五保户, category: [五保, 五保户, 五保贫困户]}]
    purpose: [特困]
    standard: [{from: 2016, yuan: 600, per: person}]
  农村危房改造:
    aliases: [危房改造, 危改]
    unit: household
    means_tested: true
    graded: true
    exclusive_with: [易地扶贫搬迁]
    purpose: [危房, 住房]
    standard:
      - {from: 2016, tier: 一般贫困户, yuan: 18500, per: household}
      - {from: 2016, tier: 低保户, yuan: 22000, per: household}
      - {from: 2016, tier: 五保户, yuan: 25000, per: household}
  易地扶贫搬迁:
    aliases: [易地搬迁]
    unit: household
    means_tested: true
    registered_only: true
    exclusive_with: [农村危房改造]
    purpose: [搬迁]
    standard: [{from: 2016, yuan: 20000, per: person}]
  产业扶贫奖补:
    aliases: [产业奖补, 特色产业奖补]
    unit: household
    registered_only: true
    after_exit: true
    graded: true
    purpose: [产业]
    standard: [{from: 2016, yuan: 500, per: mu}]
  雨露计划:
    aliases: [雨露计划补助]
    unit: person
    entitled_by: [student]
    registered_only: true
    after_exit: true
    purpose: [雨露, 教育, 培训]
    standard: [{from: 2016, yuan: 3000, per: person}]
  教育资助:
    aliases: [贫困寄宿生生活补助]
    unit: person
    entitled_by: [student]
    registered_only: true
    after_exit: true
    purpose: [教育, 助学]
    standard:
      - {from: 2016, tier: 小学, yuan: 1000, per: person}
      - {from: 2016, tier: 初中, yuan: 1250, per: person}
  生态护林员:
    aliases: [生态护林员补助]
    unit: person
    registered_only: true
    after_exit: true
    unemployed_only: true
    age: [18, 65]
    purpose: [护林, 生态]
    standard: [{from: 2016, yuan: 1500, per: person}]
  退耕还林:
    aliases: [退耕还林补助]
    unit: household
    after_exit: true
    purpose: [退耕]
    standard: [{from: 2016, yuan: 125, per: mu}]
  耕地地力保护补贴:
    aliases: [耕地地力补贴]
    unit: household
    after_exit: true
    purpose: [耕地]
    standard: [{from: 2016, yuan: 95.08, per: mu}]
`
