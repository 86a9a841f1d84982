package simulator

import (
	"net/http/httptest"
	"slices"
	"testing"
)

// paths are where the callbacks came in, in order and each once.
func (r *receiver) paths() []string {
	var out []string
	for _, c := range r.all() {
		out = append(out, c.Path)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (w *world) sendByAll() {
	w.t.Helper()
	w.send(sms, number("7777"), "m-1")
	for _, c := range callers {
		w.by(c, c.order(sms, number("7777"), "m-1"))
	}
	w.drain()
}

func TestEachProviderHasItsOwnAddress(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	base := w.back
	w.sim.SetCallbacks(base+"/infobip", "infobip")
	w.sim.SetCallbacks(base+"/two", "kaleyra", "wab")
	w.sendByAll()
	if got, want := w.receiver.paths(), []string{"/callbacks/qlara/secret", "/infobip", "/two"}; !slices.Equal(got, want) {
		t.Errorf("posted to %q, want %q", got, want)
	}
	w.sim.SetCallbacks(base + "/all")
	w.sim.SetCallbacks("", "infobip", "kaleyra", "wab")
	before := w.sim.Stats().Callbacks.Nowhere
	w.sendByAll()
	if got := w.sim.Stats().Callbacks.Nowhere - before; got != 4 || !slices.Contains(w.receiver.paths(), "/all") {
		t.Errorf("%d receipts had nowhere to go, want 4; posted to %q, want /all for the rest", got, w.receiver.paths())
	}
}

func TestAddressesOfProvidersAreGivenAtOnce(t *testing.T) {
	t.Parallel()
	receiver := &receiver{answer: func(int) (int, string) { return 200, "" }}
	back := httptest.NewServer(receiver)
	t.Cleanup(back.Close)
	w := start(t, Options{CallbacksOf: map[string]string{"wab": back.URL + "/wab"}})
	w.sendByAll()
	if got := receiver.paths(); !slices.Equal(got, []string{"/wab"}) || len(receiver.all()) != 2 {
		t.Errorf("WAB's address heard %d callbacks at %q, want its two", len(receiver.all()), got)
	}
}

// A message may say where its receipts go, but not to a host that nobody named.
func TestAMessageMaySayWhereItsReceiptsGo(t *testing.T) {
	t.Parallel()
	const set = "http://cascade.test:8080/callbacks/qlara/secret"
	w := start(t, Options{})
	w.sim.SetCallbacks(set)
	for wanted, want := range map[string]string{
		"":                             set,
		"http://127.0.0.1:1/x":         "http://127.0.0.1:1/x",
		"http://[::1]:1/x":             "http://[::1]:1/x",
		"http://localhost:1/x":         "http://localhost:1/x",
		"http://cascade.test:8080/own": "http://cascade.test:8080/own",
		"https://www.example.com/x":    set,
		"http://127.0.0.1.example.com": set,
		"http://10.0.0.7/x":            set,
		"%zz":                          set,
	} {
		if got := w.sim.addressFor(about{dialect: infobip{}}, wanted); got != want {
			t.Errorf("a message wants %q: %q, want %q", wanted, got, want)
		}
	}
}

func TestWhereReceiptsAreWanted(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	own := func(name string) string { return w.back + "/" + name }
	p := infobipRequest(wa, number("0014"), "m-1")
	o, _ := readObject(p.body, anyObject)
	dig(o, "messages").(map[string]any)["notifyUrl"] = own("notify")
	w.by(infobipCaller, jsonParcel(p.path, o))
	o, _ = readObject(changed(rcs, number("0014")[1:], "messages", "destinations", "to").body, anyObject)
	dig(o, "messages").(map[string]any)["webhooks"] = map[string]any{
		"delivery": map[string]any{"url": own("delivery")}, "seen": map[string]any{"url": own("seen")},
	}
	w.by(infobipCaller, jsonParcel(infobipPaths["rcs"], o))
	w.by(kaleyraCaller, kaleyraRequest(wa, number("0012"), "m-1", "callback_url", own("kaleyra?token=x")))
	w.drain()
	count := map[string]int{}
	for _, c := range w.receiver.all() {
		count[c.Path]++
		if c.Path == "/kaleyra" && (c.Query.Get("token") != "x" || c.Query.Get("status") == "") {
			t.Errorf("the address's own query was lost: %v", c.Query)
		}
	}
	for path, want := range map[string]int{
		"/notify": 2, "/delivery": 1, "/seen": 1, "/kaleyra": 2,
		"/callbacks/qlara/secret": 1, // STOP is not the message's affair
	} {
		if count[path] != want {
			t.Errorf("%s heard %d callbacks, want %d; all: %v", path, count[path], want, count)
		}
	}
}

func TestProvidersSayHowToComeIn(t *testing.T) {
	t.Parallel()
	var names []string
	for _, p := range Providers() {
		names = append(names, p.Name)
		if p.Title == "" || p.Access == "" {
			t.Errorf("%+v does not say who it is and whom it lets in", p)
		}
	}
	if want := []string{"qlara", "infobip", "kaleyra", "wab"}; !slices.Equal(names, want) {
		t.Errorf("played are %q, want %q", names, want)
	}
}
