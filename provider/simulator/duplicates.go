package simulator

// Duplicates says what becomes of an id that was taken before; "": what the provider
// documents, as Infobip's refusal of an SMS, or else it is sent twice.
type Duplicates string

// What a provider can do about an id that was taken before.
const (
	Refuses    Duplicates = "refuse"     // it says that it knows the id
	Ignores    Duplicates = "ignore"     // it answers as it did the first time, and sends nothing
	SendsTwice Duplicates = "send_twice" // it takes it as new
)

// refusesDuplicates is as the scenario says, or else as the provider documents it.
func (c *call) refusesDuplicates() bool {
	d := c.setting.scenario.Duplicates
	return d == Refuses || d == "" && c.message.once
}
