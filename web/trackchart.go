package web

// second is how far a campaign was in a second.
type second struct {
	at           int64
	sent, closed int
}

// note keeps what the chart shows; the first look in a second counts.
func (t *track) note(now mark) {
	s := second{at: now.at.Unix(), closed: now.closed}
	if len(now.legs) > 0 {
		s.sent = now.legs[0].Sent
	}
	if n := len(t.seconds); n > 0 && t.seconds[n-1].at >= s.at {
		return
	}
	t.seconds = append(t.seconds, s)
	for s.at-t.seconds[0].at >= ringSeconds {
		t.seconds = t.seconds[1:]
	}
}

// chart gives a campaign's last minutes as the script draws them: what was sent first and
// closed in each second, as far as somebody looked.
func (t *tracks) chart(id string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	of := t.all[id]
	if of == nil || len(of.seconds) == 0 {
		return marshal(chart{Times: []int64{}, Lanes: []chartLane{}})
	}
	first := of.seconds[0].at
	length := int(of.seconds[len(of.seconds)-1].at-first) + 1
	c := chart{Lanes: []chartLane{newChartLane("first sends", length), newChartLane("closed", length)}}
	for i := range length {
		c.Times = append(c.Times, first+int64(i))
	}
	for i := 1; i < len(of.seconds); i++ {
		before, now := of.seconds[i-1], of.seconds[i]
		if span := int(now.at - before.at); span <= 2 { // else nobody looked meanwhile
			sent, closed := max(0, (now.sent-before.sent)/span), max(0, (now.closed-before.closed)/span)
			c.Lanes[0].Sends[now.at-first], c.Lanes[1].Sends[now.at-first] = &sent, &closed
		}
	}
	return marshal(c)
}
