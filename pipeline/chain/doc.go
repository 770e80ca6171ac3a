// Package chain follows the money over the hops that package pairing makes of
// the ledgers: it ages each fund's money at each unit first in first out, and
// tells the way of every payment from the fund's issuer to the household.
//
// What it decides where the sheets leave it open:
//
//   - A fund's money begins at its holder on the day of issue, or at its issuer
//     where a ledger shows the issuer sending it (start).
//   - A transfer that one ledger shows was booked by the other unit too, the
//     same day, unless that unit's ledger of that fund and time is in the input;
//     then it was not (book). A ledger of one fund is known for that one only.
//     The money is in transit for transit_days and unexplained after that, but
//     for a receiver that spent it (settle).
//   - A transfer, an allocation or a payment that a second sheet states again
//     counts once; one sheet's repetitions count (packages pairing and settle).
//   - Money sent to a contractor or a firm that never passes money on is spent
//     (findSuppliers).
//   - A firm that gives money back has that much less of it (enterHop).
//   - A notice and its attachment, or a notice read twice, are one (package
//     settle).
//   - A payment whose payer no sheet states, because only a title, a file or a
//     folder names the office that compiled the roster, is placed where its
//     fund's money is: so that least is overspent and least lies idle, and the
//     payer is near to the household (findPayers). A stated payer stays.
//   - What such payments leave open of a unit, and what it has where no ledger,
//     roster or balance of it tells of the fund or the time, is said beside the
//     reading taken (openings): a rule calls money idle or overspent only where
//     it is so under every reading.
//   - A negative transfer flows back, a negative payment comes back to the payer,
//     a negative allocation is taken back. A unit that pays itself moves nothing.
//   - A payment that the bank refused came back where its payer spent the money
//     again; else it is in transit (giveBack).
//   - A payment is of the fund it cites; else of its project's fund; else of the
//     one fund that fits (infer). _fund_by says cited, project, inferred or none.
//   - What a unit pays before it has it is covered by what comes next; what
//     nothing covers is overspent.
//
// Rows that could not be used, or only by such a decision, are Doubts.
package chain
