using BenchmarkDotNet.Attributes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Bench.Crypto;

/// <summary>Judging one command as the edge does; with <see cref="Known"/>, X25519 secrets are kept from before.</summary>
[MemoryDiagnoser]
public class VerifyBenchmark
{
    private readonly TransmissionFormat _format = new(20, new byte[32]);
    private readonly PrivateKey _session = PrivateKey.Generate(KeyAlgorithm.X25519);
    private Authorisation _authorisation = null!;
    private byte[] _content = [];
    private PublicKey[] _candidates = [];
    private QueueSecret _known;

    [Params(KeyAlgorithm.Ed25519, KeyAlgorithm.Ed448, KeyAlgorithm.X25519)]
    public KeyAlgorithm Scheme { get; set; }

    [Params(100, 16_000)]
    public int CommandBytes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        using PrivateKey queue = PrivateKey.Generate(Scheme);
        using CommandKey key = CommandKey.TryCreate(queue, _session.Public)!;
        _content = new byte[Block.MaxEncryptedContent];
        var block = new BlockWriter(_content);
        WireWriter writer = block.Open();
        TransmissionWriter.WriteCommand(ref writer, _format, EntityId.Random(), EntityId.Random(), new byte[CommandBytes], key);
        block.TryClose(writer);
        Array.Resize(ref _content, block.ContentLength);
        _candidates = [queue.Public];
        _authorisation = new Authorisation(_format, _session);
        Known();
    }

    [Benchmark]
    public bool Unknown() => _authorisation.Verify(Read(), _candidates);

    [Benchmark]
    public bool Known() => _authorisation.Verify(Read(), _candidates, ref _known);

    [Benchmark]
    public bool NoSuchQueue() => _authorisation.Verify(Read(), []);

    private Transmission Read()
    {
        _ = TransmissionReader.TryOpen(_format, _content, out TransmissionReader reader);
        _ = reader.TryRead(out Transmission transmission);
        return transmission;
    }
}
