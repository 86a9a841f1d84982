package queuemon

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// page is asynqmon's one page, without what it asks of other hosts. Its script makes the
// styles, and gives them the number that the page names in csp-nonce.
type page struct {
	before, after []byte // the number
	scripts       string // the policy's sources for what the page itself holds of scripts
}

var (
	outerLink    = regexp.MustCompile(`<link [^>]*href="https?://[^>]*>`)
	manifestLink = regexp.MustCompile(`<link rel="manifest"[^>]*>`) // browsers ask for it without the login
	outerAddress = regexp.MustCompile(`(?i)(?:href|src)="(?:https?:)?//`)
	inlineScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
)

const (
	headBegins = `<head>`
	nonceMeta  = `<meta property="csp-nonce" content="`
)

// readPage asks asynqmon for its page.
func readPage(asynqmon http.Handler, path string) (page, error) {
	r, err := http.NewRequest(http.MethodGet, path, http.NoBody)
	if err != nil {
		return page{}, err
	}
	var answer caught
	asynqmon.ServeHTTP(&answer, r)
	html := manifestLink.ReplaceAllString(outerLink.ReplaceAllString(answer.body.String(), ""), "")
	head, body, found := strings.Cut(html, headBegins)
	switch {
	case !found:
		return page{}, errors.New("asynqmon's page has no head")
	case outerAddress.MatchString(html):
		return page{}, errors.New("asynqmon's page asks another host for more than a style sheet")
	}
	p := page{before: []byte(head + headBegins + nonceMeta), after: []byte(`"/>` + body)}
	for _, script := range inlineScript.FindAllStringSubmatch(html, -1) {
		sum := sha256.Sum256([]byte(script[1]))
		p.scripts += fmt.Sprintf(" 'sha256-%s'", base64.StdEncoding.EncodeToString(sum[:]))
	}
	return p, nil
}

// serve gives the page with a number of its own.
func (p page) serve(w http.ResponseWriter) {
	nonce := rand.Text()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", p.policy(nonce))
	_, _ = w.Write(bytes.Join([][]byte{p.before, p.after}, []byte(nonce))) // who has gone does not need it
}

// policy allows the page's own scripts and the styles that these make, and no host but
// this one.
func (p page) policy(nonce string) string {
	return "default-src 'none'; script-src 'self'" + p.scripts + "; style-src 'nonce-" + nonce + "'; " +
		"img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// caught is an answer that stays here.
type caught struct {
	header http.Header
	body   bytes.Buffer
}

func (c *caught) Header() http.Header {
	if c.header == nil {
		c.header = http.Header{}
	}
	return c.header
}

func (c *caught) Write(b []byte) (int, error) { return c.body.Write(b) }

func (*caught) WriteHeader(int) {}
