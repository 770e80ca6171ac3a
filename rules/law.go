package rules

import "fundtrace/pipeline/detect"

// The provisions that rules cite. Texts known by title only carry no article.
var (
	basisFraud       = detect.Basis{Title: "财政违法行为处罚处分条例 (2011)", Article: "第六条（一）"} // 虚报、冒领、骗取
	basisWithhold    = detect.Basis{Title: "财政违法行为处罚处分条例 (2011)", Article: "第六条（二）"} // 截留、挪用
	basisIdle        = detect.Basis{Title: "财政违法行为处罚处分条例 (2011)", Article: "第六条（三）"} // 滞留应当下拨的
	basisStandard    = detect.Basis{Title: "财政违法行为处罚处分条例 (2011)", Article: "第六条（四）"} // 擅自扩大范围、提高标准
	basisPassDown    = detect.Basis{Title: "预算法 (2018)", Article: "第五十二条"}
	basisCarryover   = detect.Basis{Title: "预算法实施条例 (2020)", Article: "第五十条"}           // 连续两年未用完的结转资金收回
	basisMeansTest   = detect.Basis{Title: "社会救助暂行办法 (2019)", Article: "第九条、第十一条至第十三条"} // 收入财产核查、变化报告、定期核查
	basisExit        = detect.Basis{Title: "关于建立贫困退出机制的意见 (2016)"}
	basisPovertyFund = detect.Basis{Title: "财政专项扶贫资金管理办法 （财农〔2017〕8号）"}
	basisOneCard     = detect.Basis{Title: "“一卡通”管理指导意见 （财办〔2020〕37号）"}
)
