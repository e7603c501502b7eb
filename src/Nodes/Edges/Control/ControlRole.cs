using System.Security.Cryptography;
using System.Text;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>What a session on the control port may do (S-370); each role may do what those before it may.</summary>
internal enum ControlRole : byte
{
    /// <summary>Nothing was proven.</summary>
    None,

    /// <summary>Look at numbers and at queues, block and unblock them.</summary>
    User,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>The two passwords of the control port.</summary>
/// <param name="admin">Null: nobody is an administrator.</param>
/// <param name="user">Null: nobody is a user.</param>
internal sealed class ControlPasswords(string? admin, string? user)
{
    /// <summary>The role that a password gives (O-234). Takes as long for a wrong one as for a right one.</summary>
    public ControlRole RoleOf(string password) => (Matches(admin, password), Matches(user, password)) switch
    {
        (true, _) => ControlRole.Admin,
        (_, true) => ControlRole.User,
        _ => ControlRole.None,
    };

    // Hashes have one length, so that not even that of the password shows.
    private static bool Matches(string? expected, string given) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(expected ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(given)))
        && expected is not null;
}
