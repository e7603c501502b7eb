using BenchmarkDotNet.Attributes;
using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Bench.Crypto;

/// <summary>The key step of one block.</summary>
[MemoryDiagnoser]
public class ChainBenchmark : IDisposable
{
    private readonly SecretChain _chain = SecretChain.Start(new byte[32], new byte[32]).RouterSends;
    private readonly byte[] _nonce = new byte[SecretBox.NonceLength];

    [Benchmark]
    public void Step() => _chain.Step(out _, _nonce);

    public void Dispose()
    {
        _chain.Dispose();
        GC.SuppressFinalize(this);
    }
}
