package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chrome is a real browser with a fresh profile, which ends with the test. A test fails on
// whatever it complains of: an error or warning on its console, a script's exception, a
// dialog, a report of the content security policy, a request that fails, a request to any
// host but the house's own.
type chrome struct {
	*testing.T
	ctx  context.Context
	base string // http://host:port of the house

	ended sync.Once

	mu      sync.Mutex
	asked   map[network.RequestID]string // what each request is for
	wanted  []string                     // refusals that the test asks for, as "403 /path"
	against []string
}

// How long one browser may take, and one thing done in it; the machine may be busy.
const (
	browserWithin = 8 * time.Minute
	stepWithin    = time.Minute
)

// needChrome is the path of Chromium. Where it must run for real, its absence is a failure.
// A short run is for the race detector, which sees nothing of a browser.
func needChrome(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("a short run looks at no page in a browser")
	}
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CASCADE_TEST_REAL") == "1" {
		t.Fatalf("CASCADE_TEST_REAL=1 asks for a real browser: %v. Install Debian's package chromium", err)
	}
	if err != nil {
		t.Skip("chromium is not installed, so no page is looked at in a browser")
	}
	return path
}

func newChrome(t *testing.T, base string) *chrome {
	t.Helper()
	path := needChrome(t)
	within, done := context.WithTimeout(context.Background(), browserWithin)
	t.Cleanup(done)
	allocated, free := chromedp.NewExecAllocator(within,
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Headless, chromedp.WindowSize(1440, 900), chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
	)
	t.Cleanup(free)
	ctx, _ := chromedp.NewContext(allocated)
	c := &chrome{T: t, ctx: ctx, base: base, asked: map[network.RequestID]string{}}
	t.Cleanup(c.end)
	if err := chromedp.Listen(ctx, c.hear); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	call(c, network.Enable, network.EnableParams{})
	call(c, page.Enable, page.EnableParams{})
	call(c, log.Enable, cdp.Empty{})
	call(c, audits.Enable, cdp.Empty{})
	return c
}

// end closes the browser, before the house that it looks at, and judges.
func (c *chrome) end() {
	c.ended.Do(func() {
		if err := chromedp.Cancel(c.ctx); err != nil {
			c.Errorf("end the browser: %v", err)
		}
		c.judge()
	})
}

// call is a command to the browser that has nothing to answer.
func call[P, R any](c *chrome, command cdp.Command[P, R], params P) {
	c.Helper()
	if _, err := chromedp.Call(c.ctx, command, params); err != nil {
		c.Fatalf("%s: %v", command.Method, err)
	}
}

// do does some things, one after the other.
func (c *chrome) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	c.Helper()
	c.persist(what, func(within context.Context) error { return chromedp.Do(within, steps...) })
}

// persist tries again if a live page replaced what was found before it was touched. A
// person does not notice: what has been pressed or opened is not replaced.
func (c *chrome) persist(what string, try func(within context.Context) error) {
	c.Helper()
	within, done := context.WithTimeout(c.ctx, stepWithin)
	defer done()
	err := try(within)
	for err != nil && within.Err() == nil && strings.Contains(err.Error(), "Could not find node") {
		err = try(within)
	}
	if err != nil {
		c.judge()
		c.Fatalf("%s: %v\n%s", what, err, c.text("body"))
	}
}

// hear takes what the browser tells.
func (c *chrome) hear(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		c.complain("the console was written to (%s): %s", e.Type, argumentsOf(e.Args))
	case *runtime.EventExceptionThrown:
		c.complain("a script threw: %v", &chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails})
	case *log.EventEntryAdded:
		drawn := e.Entry.Source == log.EntrySourceRendering && strings.Contains(e.Entry.URL, "/queues/static/") // asynqmon's charts, before they know their size
		if !drawn && e.Entry.Level != log.EntryLevelVerbose && !slices.ContainsFunc(c.wanted, func(w string) bool { return strings.HasSuffix(e.Entry.URL, pathOf(w)) }) {
			c.complain("%s %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *audits.EventIssueAdded:
		if d := e.Issue.Details.ContentSecurityPolicyIssueDetails; d != nil {
			c.complain("content security policy: %s of %s", d.ViolatedDirective, d.BlockedURL)
		}
	case *page.EventJavascriptDialogOpening:
		c.complain("a dialog opened (%s): %s", e.Type, e.Message)
		go func() { // not here: hearing must go on
			_, _ = chromedp.Call(c.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
		}()
	case *network.EventRequestWillBeSent:
		c.asked[e.RequestID] = e.Request.Method + " " + e.Request.URL
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && u.Scheme+"://"+u.Host != c.base {
			c.complain("a request left the house: %s", e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 && !c.isWanted(e.Response) {
			c.complain("%s was answered with %d", c.asked[e.RequestID], e.Response.Status)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled && e.ErrorText != "net::ERR_ABORTED" { // a page that was left, a file that is saved
			c.complain("%s failed: %s %s", c.asked[e.RequestID], e.ErrorText, e.BlockedReason)
		}
	}
}

func (c *chrome) isWanted(r *network.Response) bool {
	return slices.ContainsFunc(c.wanted, func(w string) bool { return w == fmt.Sprint(r.Status)+" "+strings.TrimPrefix(r.URL, c.base) })
}

func pathOf(wanted string) string { _, after, _ := strings.Cut(wanted, " "); return after }

func (c *chrome) complain(format string, args ...any) {
	c.against = append(c.against, fmt.Sprintf(format, args...))
}

// judge fails the test for what was complained of since it was last asked.
func (c *chrome) judge() {
	c.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range c.against {
		c.Error(text)
	}
	c.against = nil
}

func argumentsOf(list []*runtime.RemoteObject) string {
	var texts []string
	for _, a := range list {
		texts = append(texts, string(a.Value)+a.Description)
	}
	return strings.Join(texts, " ")
}
