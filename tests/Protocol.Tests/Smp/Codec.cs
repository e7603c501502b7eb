using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

/// <summary>Writes to arrays and reads what must be readable.</summary>
public static class Codec
{
    /// <summary>More than any command or response of the tests takes.</summary>
    private const int BufferBytes = 1 << 17;

    /// <summary>Every version, lowest first.</summary>
    public static IEnumerable<ushort> Versions { get; } =
        [.. Enumerable.Range(SmpVersion.Lowest, SmpVersion.Current - SmpVersion.Lowest + 1).Select(v => (ushort)v)];

    public static byte[] Write(SmpCommand command, ushort version)
    {
        var writer = new WireWriter(new byte[BufferBytes]);
        SmpCommandWriter.Write(ref writer, command, version);
        return Finish(writer);
    }

    public static byte[] Write(SmpResponse response, ushort version)
    {
        var writer = new WireWriter(new byte[BufferBytes]);
        SmpResponseWriter.Write(ref writer, response, version);
        return Finish(writer);
    }

    public static byte[] Write(SmpError error)
    {
        var writer = new WireWriter(new byte[BufferBytes]);
        SmpErrorWriter.Write(ref writer, error);
        return Finish(writer);
    }

    public static SmpCommand ReadCommand(byte[] bytes, ushort version)
    {
        bool read = SmpCommandParser.TryParse(bytes, version, out SmpCommand? command, out SmpError? error);
        Assert.True(read, $"v{version}: {error} for {Convert.ToHexStringLower(bytes)}");
        return command!;
    }

    public static SmpResponse ReadResponse(byte[] bytes, ushort version)
    {
        Assert.True(SmpResponseParser.TryParse(bytes, version, out SmpResponse? response), $"v{version}: {Convert.ToHexStringLower(bytes)}");
        return response!;
    }

    public static SmpError? ReadError(byte[] bytes) => SmpErrorParser.TryParse(bytes, out SmpError? error) ? error : null;

    private static byte[] Finish(WireWriter writer)
    {
        Assert.False(writer.Overflowed);
        return writer.Written.ToArray();
    }
}
