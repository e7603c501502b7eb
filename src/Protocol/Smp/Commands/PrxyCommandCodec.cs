using System.Collections.Immutable;
using System.Globalization;
using System.Text.Unicode;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Commands;

/// <summary>
/// The parameters of <c>PRXY</c> (S-166): the relay's address and the proxy's password.
/// <code>count (host) port keyHash Maybe(password)</code>
/// Host and port are short strings of text; the port is empty or a number.
/// </summary>
internal static class PrxyCommandCodec
{
    private const int MaxPortDigits = 5;

    public static PrxyCommand Read(ref ParameterReader reader)
    {
        ImmutableArray<RouterHost> hosts = ReadHosts(ref reader);
        ushort? port = ReadPort(ref reader);
        EntityId keyHash = reader.Wire.ReadId();
        string? password = reader.Wire.ReadMaybe() ? reader.ReadBasicAuth() : null;
        return new PrxyCommand(hosts, port, keyHash, password);
    }

    public static void Write(ref WireWriter writer, PrxyCommand command)
    {
        if (command.Hosts.Length is 0 or > byte.MaxValue)
        {
            throw new ArgumentException($"A relay has 1 to 255 hosts, not {command.Hosts.Length}.", nameof(command));
        }

        writer.Write("PRXY "u8);
        writer.WriteByte((byte)command.Hosts.Length);
        foreach (RouterHost host in command.Hosts)
        {
            writer.WriteShort(System.Text.Encoding.UTF8.GetBytes(host.Name));
        }

        WritePort(ref writer, command.Port);
        writer.WriteId(command.KeyHash);
        ParameterWriter.WriteMaybeBasicAuth(ref writer, command.BasicAuth);
    }

    private static ImmutableArray<RouterHost> ReadHosts(ref ParameterReader reader)
    {
        int count = reader.ReadNonEmptyCount();
        var hosts = ImmutableArray.CreateBuilder<RouterHost>(count);
        while (hosts.Count < count && !reader.Wire.Failed)
        {
            ReadOnlySpan<byte> text = reader.Wire.ReadShort();
            if (Utf8.IsValid(text) && RouterHost.TryParse(System.Text.Encoding.UTF8.GetString(text), out RouterHost? host))
            {
                hosts.Add(host);
            }
            else
            {
                reader.Wire.Fail();
            }
        }

        return hosts.DrainToImmutable();
    }

    private static ushort? ReadPort(ref ParameterReader reader)
    {
        ReadOnlySpan<byte> digits = reader.Wire.ReadShort();
        if (digits.IsEmpty)
        {
            return null;
        }

        if (!ushort.TryParse(digits, NumberStyles.None, null, out ushort port) || port == 0)
        {
            reader.Wire.Fail();
        }

        return port;
    }

    private static void WritePort(ref WireWriter writer, ushort? port)
    {
        Span<byte> digits = stackalloc byte[MaxPortDigits];
        int length = 0;
        port?.TryFormat(digits, out length);
        writer.WriteShort(digits[..length]);
    }
}
