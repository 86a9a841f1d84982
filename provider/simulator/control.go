package simulator

import (
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"strconv"
)

// routes are the providers' own paths, and the simulator's under /sim/ and /.
func (s *Simulator) routes() http.Handler {
	mux := http.NewServeMux()
	for _, d := range dialects() {
		for pattern, at := range d.desks() {
			mux.HandleFunc(pattern, s.send(d, at))
		}
		for pattern, q := range d.asks() {
			mux.HandleFunc(pattern, s.ask(d, q))
		}
	}
	mux.HandleFunc("/", s.stray)
	mux.HandleFunc("GET /{$}", s.front)
	mux.HandleFunc("GET /sim/seen", s.seen)
	mux.HandleFunc("GET /sim/log", s.showLog)
	mux.HandleFunc("GET /sim/stats", s.showStats)
	mux.HandleFunc("GET /sim/scenario", s.showScenario)
	mux.HandleFunc("PUT /sim/scenario", s.putScenario)
	mux.HandleFunc("POST /sim/scenario", s.postScenario)
	return http.NewCrossOriginProtection().Handler(mux)
}

// Log yields the records of all requests with a higher number than since, as they
// stand: callbacks may still be added to the last of them.
func (s *Simulator) Log(since uint64) iter.Seq[Record] { return s.journal.since(since) }

func (s *Simulator) showLog(w http.ResponseWriter, r *http.Request) {
	var since uint64
	if v := r.URL.Query().Get("since"); v != "" {
		var err error
		if since, err = strconv.ParseUint(v, 10, 64); err != nil {
			http.Error(w, "since: want the number of a record", http.StatusBadRequest)
			return
		}
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	enc := json.NewEncoder(w)
	for rec := range s.Log(since) {
		if enc.Encode(rec) != nil {
			return // the reader left
		}
	}
}

func (s *Simulator) showStats(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(encode(s.Stats()), '\n'))
}

func (s *Simulator) showScenario(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	io.WriteString(w, s.Scenario().String())
}

func (s *Simulator) putScenario(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longest))
	if err == nil {
		err = s.change(text)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.showScenario(w, r)
}

// postScenario is the page's forms: a preset by its name, or a scenario that was written.
func (s *Simulator) postScenario(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, longest)
	text, found := presetText(r.FormValue("preset"))
	if !found {
		text = r.FormValue("scenario")
	}
	if err := s.change([]byte(text)); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *Simulator) change(text []byte) error {
	sc, err := ParseScenario(text)
	if err != nil {
		return err
	}
	return s.SetScenario(sc)
}

// ask is the handler of a path at which the provider can be asked about messages. A
// question counts against the account's limits, which are published by key.
func (s *Simulator) ask(d dialect, q question) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if o := s.setting.Load().outageAt(s.now()); o != nil {
			if o.Cut {
				panic(http.ErrAbortHandler)
			}
			write(w, d.answer(message{}, verdict{answer: Unavailable, outage: true}))
			return
		}
		s.asked.Add(1)
		account, known := s.account(d.credential(r))
		if !known {
			write(w, d.answer(message{}, verdict{answer: Unauthorised}))
			return
		}
		if wait := s.gate.ask(scopeKey{provider: d.card().Name, account: account}, s.setting.Load().scenario.Limits.Account); wait > 0 {
			write(w, d.answer(message{}, verdict{answer: Throttled, wait: wait}))
			return
		}
		write(w, q(r, s.stateIn(d, account)))
	}
}
