// Package chain follows the money: it brings units and fund numbers under one
// key each, pairs the sender's and the receiver's ledgers into hops, ages each
// fund's money at each unit first in first out, and tells the way of every
// payment from the fund's issuer to the household.
//
// What it decides where the sheets leave it open:
//
//   - A fund's money begins at its holder on the day of issue, or at its issuer
//     where a ledger shows the issuer sending it (start).
//   - A transfer that one ledger shows was booked by the other unit too, the
//     same day, unless that unit's ledger of the year is in the input; then it
//     was not (book). Its money is in transit for transit_days and unexplained
//     after that, but for a receiver that spent it (settle).
//   - A transfer, an allocation or a payment that a second sheet states again
//     counts once; one sheet's repetitions count (unrepeated, repeatedPayments).
//   - Money sent to a contractor or a firm that never passes money on is spent
//     (findSuppliers).
//   - A firm that gives money back has that much less of it (enterHop).
//   - What stays at a unit of which the input has no ledger, roster or balance
//     is held, though nobody can say that it is still there (findSilent).
//   - A negative transfer flows back, a negative payment comes back to the payer,
//     a negative allocation is taken back. A unit that pays itself moves nothing.
//   - A payment is of the fund it cites; else of its project's fund; else of the
//     one fund that fits (infer). _fund_by says cited, project, inferred or none.
//   - What a unit pays before it has it is covered by what comes next; what
//     nothing covers is overspent.
//
// Rows that could not be used, or only by such a decision, are Doubts.
package chain
