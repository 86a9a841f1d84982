package client_test

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/client"
)

type document struct {
	Components struct {
		Schemas map[string]struct{ Properties map[string]any }
	}
}

func readDocument(t *testing.T) (d document, text string) {
	t.Helper()
	raw, err := os.ReadFile("../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	return d, string(raw)
}

// TestTypesAreTheServers compares the fields with those of the OpenAPI document, which the
// server's own tests hold against the server.
func TestTypesAreTheServers(t *testing.T) {
	t.Parallel()
	d, _ := readDocument(t)
	for name, of := range map[string]reflect.Type{
		"Report": reflect.TypeFor[client.Report](), "StateAnswer": reflect.TypeFor[client.State](),
		"RetryOrder": reflect.TypeFor[client.RetryOrder](), "RetryAnswer": reflect.TypeFor[client.Retried](),
		"MessagesAnswer": reflect.TypeFor[client.Sent](), "Line": reflect.TypeFor[client.Line](),
		"AttemptLine": reflect.TypeFor[client.Attempt](), "Story": reflect.TypeFor[client.Story](),
		"Sentence": reflect.TypeFor[client.Sentence](), "Lane": reflect.TypeFor[client.Lane](),
		"Queue": reflect.TypeFor[client.Queue](), "Queued": reflect.TypeFor[client.Queued](), "Worker": reflect.TypeFor[client.Worker](),
		"PeopleOrder": reflect.TypeFor[client.People](), "SuppressAnswer": reflect.TypeFor[client.Suppressed](),
		"RejectedRow": reflect.TypeFor[client.RejectedRow](), "AllowAnswer": reflect.TypeFor[client.Allowed](),
		"CampaignList": reflect.TypeFor[client.CampaignPage](), "Flow": reflect.TypeFor[client.Flow](), "FlowLeg": reflect.TypeFor[client.FlowLeg](),
		"ImportList": reflect.TypeFor[client.Imports](), "MessagePage": reflect.TypeFor[client.MessagePage](), "FoundMessage": reflect.TypeFor[client.FoundMessage](),
		"FailureList": reflect.TypeFor[client.Failures](), "Failure": reflect.TypeFor[client.Failure](), "Ending": reflect.TypeFor[client.Ending](),
		"Webhook": reflect.TypeFor[client.Webhook](), "CampaignWebhook": reflect.TypeFor[client.CampaignWebhook](),
		"RedeliverOrder": reflect.TypeFor[client.RedeliverOrder](), "RedeliverAnswer": reflect.TypeFor[client.Redelivered](),
		"MessageEvent": reflect.TypeFor[client.Event](), "InboundEvent": reflect.TypeFor[client.Event](),
		"MessageNews": reflect.TypeFor[client.MessageNews](), "EventLeg": reflect.TypeFor[client.EventLeg](), "Written": reflect.TypeFor[client.Written](),
		"DeedList": reflect.TypeFor[client.Deeds](), "Problem": reflect.TypeFor[client.Problem](), "Fault": reflect.TypeFor[client.Fault](),
	} {
		want := slices.Sorted(maps.Keys(d.Components.Schemas[name].Properties))
		got := fields(of)
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("%s has %v, the server %v", of, got, want)
		}
	}
}

func fields(of reflect.Type) (names []string) {
	for f := range of.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			names = append(names, fields(f.Type)...)
		case name != "-":
			names = append(names, name)
		}
	}
	return names
}

// TestProblemTypesAreTheServers looks the constants up in the OpenAPI document.
func TestProblemTypesAreTheServers(t *testing.T) {
	t.Parallel()
	_, text := readDocument(t)
	for _, name := range []string{
		client.Unauthorised, client.Forbidden, client.NotFound, client.WrongState, client.DifferentCampaign,
		client.InvalidFile, client.InvalidBody, client.RedisFull, client.Unavailable,
	} {
		if !strings.Contains(text, `"`+name+`"`) {
			t.Errorf("no call of the server's has the problem %s", name)
		}
	}
}
