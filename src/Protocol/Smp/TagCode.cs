namespace SimplexActors.Protocol.Smp;

/// <summary>Turns the ASCII tag of a command or response into a number, so that parsers switch over integers.</summary>
internal static class TagCode
{
    private const int MaxTagBytes = 8;

    /// <summary>Splits at the first space: the tag's bytes as one big-endian number, and the parameters with their space (S-025).</summary>
    /// <returns>0 when the tag is empty or longer than any tag of the protocol.</returns>
    public static ulong Split(ReadOnlyMemory<byte> message, out ReadOnlyMemory<byte> parameters)
    {
        int length = message.Span.IndexOf((byte)' ');
        if (length < 0)
        {
            length = message.Length;
        }

        parameters = message[length..];
        ulong code = 0;
        foreach (byte letter in length <= MaxTagBytes ? message.Span[..length] : default)
        {
            code = (code << 8) | letter;
        }

        return code;
    }
}
