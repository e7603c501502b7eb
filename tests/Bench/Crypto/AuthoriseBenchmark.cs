using BenchmarkDotNet.Attributes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Bench.Crypto;

/// <summary>Writing one authorised command as a client does.</summary>
[MemoryDiagnoser]
public class AuthoriseBenchmark
{
    private readonly TransmissionFormat _format = new(20, new byte[32]);
    private readonly byte[] _buffer = new byte[Block.Length];
    private readonly byte[] _command = new byte[16_000];
    private readonly EntityId _correlationId = EntityId.Random();
    private CommandKey _key = null!;

    [Params(KeyAlgorithm.Ed25519, KeyAlgorithm.Ed448, KeyAlgorithm.X25519)]
    public KeyAlgorithm Scheme { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        using PrivateKey session = PrivateKey.Generate(KeyAlgorithm.X25519);
        _key = CommandKey.TryCreate(PrivateKey.Generate(Scheme), session.Public)!;
    }

    [Benchmark]
    public int Write()
    {
        var writer = new WireWriter(_buffer);
        TransmissionWriter.WriteCommand(ref writer, _format, _correlationId, _correlationId, _command, _key);
        return writer.Length;
    }
}
