package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options say where the server is and how to speak to it.
type Options struct {
	Server string // its address, as https://cascade.example.com; a path is kept
	Token  string // of the configuration's tokens; "": for a server on this machine that has none
	// Patience is how long a call that is safe to repeat is repeated while the server
	// cannot be reached, is out of room, or says "later". Default: 30 s; negative: never.
	Patience time.Duration
	// Transport carries the requests; default: a copy of http.DefaultTransport.
	Transport http.RoundTripper
}

// Client speaks to one server. It may be used by many goroutines at once. Every call
// ends when its context does. Errors that the server answered are a *Problem in the
// error's chain.
type Client struct {
	base     *url.URL
	token    string
	patience time.Duration
	http     *http.Client
}

// New checks the options. It does not speak to the server.
func New(o Options) (*Client, error) {
	base, err := url.Parse(o.Server)
	if err != nil {
		return nil, errors.New("the server's address cannot be read: want one as https://cascade.example.com")
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("the server's address %s: want one as https://cascade.example.com, and the token apart from it", base.Redacted())
	}
	base.Path = strings.TrimSuffix(base.Path, "/")
	c := &Client{base: base, token: o.Token, patience: o.Patience, http: &http.Client{
		Transport: o.Transport,
		// A redirect would turn a POST into a GET, or carry a token elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if c.patience == 0 {
		c.patience = 30 * time.Second
	}
	if c.http.Transport == nil {
		c.http.Transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	return c, nil
}
