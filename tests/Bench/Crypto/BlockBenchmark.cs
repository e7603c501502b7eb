using BenchmarkDotNet.Attributes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Bench.Crypto;

/// <summary>One 16 KiB block: key step, padding and box, in place.</summary>
[MemoryDiagnoser]
public class BlockBenchmark : IDisposable
{
    private readonly BlockEncoder _encrypting = new(Chain());
    private readonly BlockEncoder _padding = new();
    private readonly byte[] _block = new byte[Block.Length];
    private readonly byte[] _sealed = new byte[Block.Length];
    private readonly byte[] _work = new byte[Block.Length];
    private readonly byte[] _nonce = new byte[SecretBox.NonceLength];
    private readonly BoxKey _key = new(new byte[BoxKey.Length]);

    public BlockBenchmark() => SecretBox.Seal(_key, _nonce, _sealed);

    [Benchmark]
    public void EncodeEncrypted() => _encrypting.Encode(_block, 16_000);

    [Benchmark]
    public void EncodePlain() => _padding.Encode(_block, 16_000);

    [Benchmark]
    public void Seal() => SecretBox.Seal(_key, _nonce, _block);

    [Benchmark]
    public bool Open()
    {
        _sealed.CopyTo(_work, 0);
        return SecretBox.TryOpen(_key, _nonce, _work);
    }

    public void Dispose()
    {
        _encrypting.Dispose();
        _padding.Dispose();
        GC.SuppressFinalize(this);
    }

    private static SecretChain Chain() => SecretChain.Start(new byte[32], new byte[32]).RouterSends;
}
