package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
)

// impatient are lanes of somebody who closes the tab as soon as one is being paused.
type impatient struct {
	*desk
	leave context.CancelFunc
}

func (i impatient) Pause(ctx context.Context, l campaign.Lane, by, why string) error {
	i.leave()
	if err := ctx.Err(); err != nil {
		return err
	}
	return i.desk.Pause(ctx, l, by, why)
}

func TestADeedIsDoneAlsoWhenItsTabIsClosed(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	h := open(t, func(s *settings) { s.api.Tokens, s.api.Lanes = nil, impatient{s.api.Lanes.(*desk), leave} })
	form := url.Values{"why": {"too many complaints"}}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/lanes/qlara.sms/pause", strings.NewReader(form.Encode()))
	r.RemoteAddr, r.Host = "127.0.0.1:5", "127.0.0.1:8080"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.dashboard.ServeHTTP(w, r)
	if lanes, _ := h.desk.Lanes(t.Context()); w.Code != http.StatusSeeOther || lanes[2].State != api.LanePaused {
		t.Errorf("answered %d, the lane is %s; want it paused", w.Code, lanes[2].State)
	}
	deeds, err := h.Deeds(t.Context(), "", 10)
	if err != nil || len(deeds) != 1 || deeds[0].Why != "too many complaints" || deeds[0].BrokeOff {
		t.Errorf("the journal has %+v, %v; want the deed", deeds, err)
	}
}
