package identity

// Info is what is known of a subject beyond its key.
type Info struct {
	Name                  string
	County, Town, Village string
	Household             string // household key; "" where none
	Phone                 string
}
