package campaign

// Content is what a leg says. Exactly one of Template, Text, Media, Location and
// Reaction is set; every string may hold {placeholders}.
type Content struct {
	Template    *Template
	Text        string
	Suggestions []Suggestion // below an RCS text
	Media       *Media
	Location    *Location
	Reaction    *Reaction
}

// Template names a message that the provider holds. ID names it at Qlara, Name and
// Language elsewhere.
type Template struct {
	ID           int
	Name         string
	Language     string
	MediaURL     string
	Header       string   // the value in a header of text
	Parameters   []string // by position
	Buttons      []string // what completes the address of each button that has a place for it, in order
	Placeholders []string // by name; nil: every column of the file
}

// Media is a free-form picture, film, sound, document or sticker.
type Media struct {
	Kind     string // image, video, audio, document, sticker
	URL      string // either URL
	Key      string // or the provider's key of an uploaded file
	Caption  string // image, video, document
	Filename string // document
}

// Location is a free-form place on a map.
type Location struct {
	Latitude, Longitude string
	Name, Address       string
}

// Reaction is an emoji on a message that the person sent.
type Reaction struct{ MessageID, Emoji string }

// Suggestion is a button below an RCS text.
type Suggestion struct {
	Type  string // reply, url, dial
	Text  string
	Value string // the address, or the number to dial
}
