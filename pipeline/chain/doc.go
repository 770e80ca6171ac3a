// Package chain follows the money: it brings units and fund numbers under one
// key each, pairs the sender's and the receiver's ledgers into hops, ages each
// fund's money at each unit first in first out, and tells the way of every
// payment from the fund's issuer to the household.
package chain
