using System.Globalization;
using Npgsql;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>What errors of the server mean, and how they are said.</summary>
public static class PostgresErrors
{
    /// <summary>SQLSTATE of <c>check_claims</c>: a shard was claimed by another node.</summary>
    public const string Fenced = "SX001";

    /// <summary>SQLSTATE of our own checks: an id belongs to another queue, or a service is not stored.</summary>
    public const string Conflict = "SX002";

    /// <summary>SQLSTATE of our own checks: a row that is to be changed is not stored.</summary>
    public const string Missing = "SX003";

    /// <summary>SQLSTATE of our own checks: a store is being copied into the database, or was in part.</summary>
    public const string HalfCopied = "SX004";

    /// <summary>Database and server of a connection string, for people; never the password.</summary>
    public static string Place(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        string port = settings.Port.ToString(CultureInfo.InvariantCulture);
        string? name = string.IsNullOrEmpty(settings.Database) ? settings.Username : settings.Database;
        return string.IsNullOrEmpty(name) ? $"{settings.Host}:{port}" : $"{name} on {settings.Host}:{port}";
    }

    /// <summary>One line for the operator about a database that could not be opened.</summary>
    public static string Describe(NpgsqlException fault, string place) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
            $"The database {place} refuses the user or the password: {refused.MessageText}.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
            $"The database {place} does not exist: create it with CREATE DATABASE.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            $"The database {place} does not give this user the rights that it needs: {refused.MessageText}.",
        PostgresException other => $"The database {place} cannot be opened: {other.MessageText} ({other.SqlState}).",
        _ => $"The database {place} cannot be reached: {OneLine(fault.InnerException?.Message ?? fault.Message)}",
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
