using System.Globalization;
using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>The page about the router and who runs it (O-214, O-215).</summary>
internal static class InformationPage
{
    /// <summary>The router's page.</summary>
    public static WebPage Of(RouterFacts facts)
    {
        Dictionary<string, string?> values = WebSite.CommonValues();
        AddRouter(values, facts);
        AddOperator(values, facts.Information);
        string html = PageTemplate.Fill(WebResources.Text("information.html"), values);
        return WebPage.Html(html, facts.OnionHost is { } onion ? new() { ["Onion-Location"] = $"http://{onion}/" } : []);
    }

    private static void AddRouter(Dictionary<string, string?> values, RouterFacts facts)
    {
        values["host"] = facts.Host;
        values["address"] = facts.Address;
        values["addressCode"] = QrSvg.Draw(facts.Address, "QR code of the router's address");
        values["onion"] = facts.OnionHost;
        values["version"] = facts.Version;
        values["newQueues"] = facts.NewQueues ? "Allowed" : "Not allowed";
        values["password"] = facts.PasswordNeeded ? "Needed" : "Not needed";
        values["passwordHint"] = facts is { PasswordNeeded: true, NewQueues: true } ? "" : null;
        values["closedHint"] = facts.NewQueues ? null : "";
        values["openHint"] = facts is { PasswordNeeded: false, NewQueues: true } ? "" : null;
        values["expiration"] = DurationWords.Of(facts.MessageTtl);
        values["quota"] = facts.MessageQuota.ToString(CultureInfo.InvariantCulture);
    }

    private static void AddOperator(Dictionary<string, string?> values, InformationConfig information)
    {
        values["sourceCode"] = information.SourceCode;
        values["noSourceCode"] = information.SourceCode is null ? "" : null;
        values["conditions"] = information.UsageConditions;
        values["amendments"] = information.ConditionAmendments;
        values["website"] = information.Website;
        values["serverCountry"] = information.ServerCountry;
        values["hostingType"] = information.HostingType is { Length: > 0 } type ? char.ToUpperInvariant(type[0]) + type[1..] : null;
        AddEntity(values, "operator", information.Operator);
        AddEntity(values, "hosting", information.Hosting);
        AddContact(values, "admin", information.Admin);
        AddContact(values, "complaints", information.Complaints);

        // Headings of what is told; null leaves the whole section out.
        values["contacts"] = information is { Admin: null, Complaints: null } ? null : "";
        values["people"] = information is { Operator: null, Website: null, UsageConditions: null } ? null : "";
        values["machine"] = information is { ServerCountry: null, Hosting: null, HostingType: null } ? null : "";
        values["told"] = values["contacts"] ?? values["people"];
    }

    private static void AddEntity(Dictionary<string, string?> values, string key, InformationEntity? entity)
    {
        values[key] = entity?.Name;
        values[$"{key}Country"] = entity?.Country;
    }

    private static void AddContact(Dictionary<string, string?> values, string key, InformationContact? contact)
    {
        values[key] = contact is null ? null : "";
        values[$"{key}Simplex"] = contact?.Simplex;
        values[$"{key}Email"] = contact?.Email;
        values[$"{key}Pgp"] = contact?.Pgp;
        values[$"{key}Fingerprint"] = contact?.PgpFingerprint;
    }
}
