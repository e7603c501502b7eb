namespace SimplexActors.Nodes.Edges.Web;

/// <summary>
/// A page that a SimpleX link leads to when no app takes it (O-212, O-219). What is shared with the link is after its #
/// and stays in the browser: a script there makes the address for the app and the QR code.
/// </summary>
/// <param name="Action">First part of the path; one letter stands for a short link.</param>
/// <param name="Title">What the link is.</param>
/// <param name="Lead">What to do with it.</param>
internal sealed record LinkPage(string Action, string Title, string Lead)
{
    /// <summary>Every kind of link.</summary>
    public static IReadOnlyList<LinkPage> All { get; } =
    [
        new("contact", "SimpleX address", ContactLead),
        new("invitation", "SimpleX invitation", InvitationLead),
        new("a", "SimpleX address", ContactLead),
        new("i", "SimpleX invitation", InvitationLead),
        new("g", "SimpleX group", "Somebody shared a group with you. Open the link in the SimpleX app to join it."),
        new("c", "SimpleX channel", "Somebody shared a channel with you. Open the link in the SimpleX app to follow it."),
        new("r", "SimpleX relay", "Somebody shared a relay for channels with you. Open the link in the SimpleX app to use it."),
    ];

    private const string ContactLead = "Somebody shared an address with you. Open the link in the SimpleX app to send a request to connect.";
    private const string InvitationLead = "Somebody invited you to a conversation. Open the link in the SimpleX app to accept. It works once, so open it yourself.";

    /// <summary>The page.</summary>
    public WebPage Make()
    {
        Dictionary<string, string?> values = WebSite.CommonValues();
        values["title"] = Title;
        values["lead"] = Lead;
        values["action"] = Action;
        return WebPage.Html(PageTemplate.Fill(WebResources.Text("link.html"), values));
    }
}
