package main

import (
	"cmp"
	"fmt"
	"strings"
)

// site is what a deployment is told. The zero value but for the provider works.
type site struct {
	provider    string // its address
	listen      string // "": a free address
	limits      string // of each lane, as in the configuration; "": none
	concurrency int    // of each lane; 0: 64
	accounts    int    // 0: one, named qlara; others are named qlara-2, …
	lanes       int    // at most; 0: three of each account
}

const (
	token  = "bench-token-on-loopback"
	secret = "bench-secret-on-loopback"
)

func (s site) text(redis string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "redis: redis://%s/0\nlisten: %s\ntokens:\n  - {name: bench, role: admin, token: %s}\naccounts:\n", redis, s.listen, token)
	left := cmp.Or(s.lanes, 3*max(s.accounts, 1))
	for i := range max(s.accounts, 1) {
		fmt.Fprintf(&b, "  %s:\n    provider: qlara\n    base_url: %s/api\n    api_key: bench\n    callback_secret: %s\n    limits: []\n",
			account(i), s.provider, secret)
		for _, from := range []string{"whatsapp: {phone_number_id: 5", "rcs: {agent_id: 1", "sms: {sender: MyBrand"} {
			if left--; left >= 0 {
				fmt.Fprintf(&b, "    %s, concurrency: %d, limits: [%s]}\n", from, cmp.Or(s.concurrency, 64), s.limits)
			}
		}
	}
	return b.String()
}

// account is the name of the i-th account.
func account(i int) string {
	if i == 0 {
		return "qlara"
	}
	return fmt.Sprintf("qlara-%d", i+1)
}
