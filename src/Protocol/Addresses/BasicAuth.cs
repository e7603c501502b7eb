using System.Buffers;
using System.Text.Unicode;

namespace SimplexActors.Protocol.Addresses;

/// <summary>
/// Passwords of routers (S-175). In code a password is a string with one character per byte of the wire,
/// as commands carry it; people write it in addresses and configuration as UTF-8 text.
/// </summary>
public static class BasicAuth
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        [.. Enumerable.Range(0, 256).Select(code => (char)code).Where(IsAllowed)]);

    /// <summary>True when every character is printable Latin-1, not white space, and none of <c>@ : /</c>.</summary>
    public static bool IsValid(ReadOnlySpan<char> password) => !password.ContainsAnyExcept(Allowed);

    /// <summary>
    /// The password that <paramref name="text"/> of an address or a configuration means: the bytes of its
    /// UTF-8 form. Null when it is empty or has a character that passwords do not allow.
    /// </summary>
    public static string? FromText(string text)
    {
        string password = System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(text));
        return password.Length > 0 && password.Length <= byte.MaxValue && IsValid(password) ? password : null;
    }

    /// <summary>
    /// The text that <see cref="FromText"/> reads as <paramref name="password"/>. Passwords that only a
    /// command can carry, because their bytes are not UTF-8, are shown as Latin-1.
    /// </summary>
    public static string ToText(string password)
    {
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(password);
        return Utf8.IsValid(bytes) ? System.Text.Encoding.UTF8.GetString(bytes) : password;
    }

    private static bool IsAllowed(char c) => c switch
    {
        '@' or ':' or '/' => false,
        '\u00AD' => false, // Soft hyphen: not printable.
        _ => !char.IsControl(c) && !char.IsWhiteSpace(c),
    };
}
