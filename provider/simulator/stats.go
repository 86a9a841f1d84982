package simulator

// Stats are the simulator's totals.
type Stats struct {
	Requests  uint64                    `json:"requests"`  // to send something
	Unlogged  uint64                    `json:"unlogged"`  // of them, above the room that the log has
	Forgotten int                       `json:"forgotten"` // times a message found no room to be remembered
	Asked     int64                     `json:"asked"`     // requests to learn what became of messages; they are not in the log
	Strayed   int64                     `json:"strayed"`   // requests to paths that no provider has
	Answers   map[string]map[string]int `json:"answers"`   // provider.channel to answer to requests
	Overshoot int                       `json:"overshoot"` // requests answered 429 because of a limit, each limit counted
	Windows   []WindowStats             `json:"windows"`
	Callbacks CallbackStats             `json:"callbacks"`
	Pending   int                       `json:"pending"` // messages with receipts still to be sent
}

// CallbackStats count the tries to tell something, and what was not told.
type CallbackStats struct {
	Answered  int   `json:"answered"`  // tries that were answered 2xx
	Failed    int   `json:"failed"`    // tries that were not
	Abandoned int64 `json:"abandoned"` // given up after the last try
	Muted     int64 `json:"muted"`     // lost on purpose, or not wanted by the caller
	Nowhere   int64 `json:"nowhere"`   // there was no URL to post to
}

// Stats tells the totals as they stand.
func (s *Simulator) Stats() Stats {
	st := s.journal.stats()
	st.Forgotten = s.ledger.unremembered()
	st.Asked, st.Strayed = s.asked.Load(), s.strayed.Load()
	st.Windows = s.gate.stats()
	for _, w := range st.Windows {
		st.Overshoot += w.Over
	}
	st.Callbacks.Abandoned = s.abandoned.Load()
	st.Callbacks.Muted = s.muted.Load()
	st.Callbacks.Nowhere = s.nowhere.Load()
	st.Pending = s.Pending()
	return st
}

func (j *journal) stats() Stats {
	j.mu.Lock()
	defer j.mu.Unlock()
	st := Stats{
		Requests:  j.total,
		Unlogged:  j.total - uint64(j.kept()),
		Answers:   map[string]map[string]int{},
		Callbacks: CallbackStats{Answered: j.told, Failed: j.untold},
	}
	for name, counts := range j.counts {
		answers := map[string]int{}
		for a, n := range counts {
			if n > 0 {
				answers[Answer(a).String()] = n
			}
		}
		st.Answers[name.provider+"."+name.channel.String()] = answers
	}
	return st
}

func (l *ledger) unremembered() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.forgotten
}
