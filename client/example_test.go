package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

// A service tells a person that their order is on its way. The call may be repeated, by
// the client or by the service: the key is the order's, so nobody gets it twice.
func Example() {
	c, err := client.New(client.Options{Server: "https://cascade.example.com", Token: os.Getenv("CASCADE_TOKEN")})
	if err != nil {
		log.Fatal(err)
	}
	got, err := c.Send(context.Background(), campaign.Message{
		Campaign: "order-shipped", Destination: "+393401234567", Key: "order-17",
		Variables: campaign.Variables{"nome": "Ada", "ordine": "17"},
	})
	if err != nil {
		log.Fatal(err)
	}
	switch got.Result {
	case campaign.Accepted, campaign.AlreadyThere:
		fmt.Println("its story is told under", got.ID)
	case campaign.Rejected:
		fmt.Println("it is not sent:", got.Reason, got.Text)
	}
}

// A whole campaign: its file, its people from any source, and the start.
func ExampleClient_Upload() {
	ctx := context.Background()
	c, err := client.New(client.Options{Server: "https://cascade.example.com", Token: os.Getenv("CASCADE_TOKEN")})
	if err != nil {
		log.Fatal(err)
	}
	file, err := os.ReadFile("primavera.yaml")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := c.CreateCampaignFile(ctx, file); err != nil {
		log.Fatal(err)
	}
	people := []client.Recipient{ // or what a query gives, row by row
		{Destination: "+393401234567", Variables: campaign.Variables{"nome": "Ada", "codiceSconto": "X1"}},
		{Destination: "+393401234568", Variables: campaign.Variables{"nome": "Bob", "codiceSconto": "X2"}},
	}
	report, err := c.Upload(ctx, "primavera", slices.Values(people))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d accepted, %d rejected\n", report.Accepted, report.Rejected)
	if _, err := c.Start(ctx, "primavera", "approved by marketing"); err != nil {
		log.Fatal(err)
	}
}

// Who was not reached, and why, in words.
func ExampleClient_Export() {
	c, err := client.New(client.Options{Server: "https://cascade.example.com", Token: os.Getenv("CASCADE_TOKEN")})
	if err != nil {
		log.Fatal(err)
	}
	for line, err := range c.Export(context.Background(), "primavera") {
		if err != nil {
			log.Fatal(err) // the lines before it are not all
		}
		if line.Phase == "failed" {
			fmt.Println(line.Message, line.Reason, line.Meaning, line.Mend)
		}
	}
}

// Problems are told apart by their type.
func ExampleProblem() {
	c, err := client.New(client.Options{Server: "https://cascade.example.com", Token: os.Getenv("CASCADE_TOKEN")})
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.Start(context.Background(), "primavera", "")
	var p *client.Problem
	switch {
	case errors.As(err, &p) && p.Type == client.NotFound:
		fmt.Println("there is no such campaign")
	case errors.As(err, &p) && p.Type == client.WrongState:
		fmt.Println("it cannot be started now:", p.Detail)
	case err != nil:
		log.Fatal(err)
	}
}
