namespace SimplexActors.Nodes.Configuration;

/// <summary>What the operator tells about the router on its page for browsers (O-099 to O-106). All of it is optional.</summary>
/// <param name="SourceCode">Web address of the source code of what runs here; the licence asks for it.</param>
/// <param name="UsageConditions">Web address of the conditions of use.</param>
/// <param name="ConditionAmendments">Web address of what changes them; only with <paramref name="UsageConditions"/>.</param>
/// <param name="ServerCountry">Country of the machine, two letters.</param>
/// <param name="Operator">Who runs the router.</param>
/// <param name="Website">The operator's web address.</param>
/// <param name="Admin">How to reach the administrator.</param>
/// <param name="Complaints">Where to complain.</param>
/// <param name="Hosting">Whose machine it is.</param>
/// <param name="HostingType">virtual, dedicated, colocation or owned.</param>
internal sealed record InformationConfig(
    string? SourceCode,
    string? UsageConditions,
    string? ConditionAmendments,
    string? ServerCountry,
    InformationEntity? Operator,
    string? Website,
    InformationContact? Admin,
    InformationContact? Complaints,
    InformationEntity? Hosting,
    string? HostingType)
{
    internal static InformationConfig Read(ConfigReader reader)
    {
        var config = new InformationConfig(
            reader.Optional("information.source_code", InformationParsers.WebAddress),
            reader.Optional("information.usage_conditions", InformationParsers.WebAddress),
            reader.Optional("information.condition_amendments", InformationParsers.WebAddress),
            reader.Optional("information.server_country", InformationParsers.Country),
            InformationEntity.Read(reader, "operator"),
            reader.Optional("information.website", InformationParsers.WebAddress),
            InformationContact.Read(reader, "admin"),
            InformationContact.Read(reader, "complaints"),
            InformationEntity.Read(reader, "hosting"),
            reader.Optional("information.hosting_type", InformationParsers.HostingType));
        if (config is { ConditionAmendments: not null, UsageConditions: null })
        {
            reader.Report("information.condition_amendments needs information.usage_conditions");
        }

        return config;
    }
}

/// <summary>A person or organisation.</summary>
/// <param name="Name">As it is shown.</param>
/// <param name="Country">Two letters; null when not told.</param>
internal sealed record InformationEntity(string Name, string? Country)
{
    internal static InformationEntity? Read(ConfigReader reader, string key)
    {
        string? name = reader.Optional($"information.{key}", InformationParsers.Name);
        string? country = reader.Optional($"information.{key}_country", InformationParsers.Country);
        if (name is null && country is not null)
        {
            reader.Report($"information.{key}_country needs information.{key}");
        }

        return name is null ? null : new InformationEntity(name, country);
    }
}

/// <summary>Ways to reach somebody; at least one.</summary>
/// <param name="Simplex">A SimpleX address.</param>
/// <param name="Email">An e-mail address.</param>
/// <param name="Pgp">Web address of a PGP key; together with <paramref name="PgpFingerprint"/> (O-105).</param>
/// <param name="PgpFingerprint">Its fingerprint.</param>
internal sealed record InformationContact(string? Simplex, string? Email, string? Pgp, string? PgpFingerprint)
{
    internal static InformationContact? Read(ConfigReader reader, string key)
    {
        var contact = new InformationContact(
            reader.Optional($"information.{key}_simplex", InformationParsers.SimplexAddress),
            reader.Optional($"information.{key}_email", InformationParsers.Email),
            reader.Optional($"information.{key}_pgp", InformationParsers.WebAddress),
            reader.Optional($"information.{key}_pgp_fingerprint", InformationParsers.Fingerprint));
        if (contact.Pgp is null != contact.PgpFingerprint is null)
        {
            reader.Report($"information.{key}_pgp and information.{key}_pgp_fingerprint must be set together, or neither");
        }

        return contact is { Simplex: null, Email: null, Pgp: null } ? null : contact;
    }
}
