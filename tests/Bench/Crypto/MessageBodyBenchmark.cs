using BenchmarkDotNet.Attributes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Bench.Crypto;

/// <summary>Encrypting one delivered message for its recipient.</summary>
[MemoryDiagnoser]
public class MessageBodyBenchmark
{
    private readonly byte[] _destination = new byte[SmpSizes.EncryptedBodyBytes];
    private readonly byte[] _body = new byte[16_000];
    private readonly byte[] _messageId = new byte[24];
    private readonly byte[] _secret = new byte[32];

    [Benchmark]
    public void Encrypt()
    {
        BoxKey key = new(_secret);
        MessageBody.Encrypt(_destination, key, _messageId, 1_700_000_000, notify: true, _body);
        key.Clear();
    }
}
