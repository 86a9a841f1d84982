package provider

// Problem is one mistake in an account's block of the configuration.
type Problem struct {
	Path string // inside the block, as "whatsapp.phone_number_id"
	Text string // what is wrong and how to mend it; no secret
}

func (p Problem) Error() string { return p.Path + ": " + p.Text }
