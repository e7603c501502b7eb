using System.Globalization;
using System.Reflection;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>
/// Brings a database to the schema of this program: the numbered scripts of the folder <c>Migrations</c>, each
/// applied once, in order. The number reached is the database's <c>user_version</c>. There is no way back.
/// </summary>
internal static class SqliteMigrations
{
    /// <summary>Marks a database as ours (<c>PRAGMA application_id</c>): "SXA1".</summary>
    private const int ApplicationId = 0x53584131;

    private const string ResourcePrefix = "SqliteMigrations/";

    /// <summary>Version of a new database.</summary>
    public static int Latest => Scripts().Count;

    /// <summary>Refuses what this program must not touch. Changes nothing.</summary>
    /// <returns>The database's version; 0 when it is empty.</returns>
    /// <exception cref="StoreOpenException">Another program's database, or a newer one.</exception>
    public static int Check(SqliteDatabase database, string path)
    {
        long version = database.Scalar("PRAGMA user_version");
        long application = database.Scalar("PRAGMA application_id");
        bool isEmpty = database.Scalar("SELECT count(*) FROM sqlite_schema") == 0;
        if (isEmpty && version == 0 && application == 0)
        {
            return 0;
        }

        if (application != ApplicationId)
        {
            throw new StoreOpenException($"The database {path} belongs to another program.");
        }

        if (version > Latest)
        {
            throw new StoreOpenException($"The store {path} has schema {version}, made by a newer version of this program, which knows schemas up to {Latest}.");
        }

        return (int)version;
    }

    /// <summary>Applies what is missing, all or nothing.</summary>
    public static void Apply(SqliteDatabase database, int from)
    {
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            List<string> scripts = Scripts();
            for (int version = from; version < scripts.Count; version++)
            {
                database.Execute(Read(scripts[version]));
            }

            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {scripts.Count}; COMMIT"));
        }
        catch
        {
            if (database.InTransaction)
            {
                database.Execute("ROLLBACK");
            }

            throw;
        }
    }

    private static List<string> Scripts() =>
        [.. typeof(SqliteMigrations).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Read(string script)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(script)
            ?? throw new InvalidOperationException($"The migration {script} is missing from the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
