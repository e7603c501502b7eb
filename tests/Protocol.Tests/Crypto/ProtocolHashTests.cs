using SimplexActors.Protocol.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Crypto;

public class ProtocolHashTests
{
    [Fact]
    [Spec("S-229", "S-447")]
    public void A_client_chooses_the_start_of_sha3_of_the_correlation_id()
    {
        byte[] correlationId = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        Assert.Equal("3ae1a7e6f8e0007f53167b85c478203b8445ac2b7b092da2", Convert.ToHexStringLower(ProtocolHash.SenderId(correlationId).Bytes));
    }

    [Fact]
    [Spec("S-321", "S-448")]
    public void Queues_toggle_in_any_order()
    {
        byte[] one = [.. Enumerable.Repeat((byte)1, 24)];
        byte[] two = [.. Enumerable.Repeat((byte)2, 24)];
        byte[] hash = new byte[16];
        ProtocolHash.ToggleQueue(hash, one);
        Assert.Equal("14548bed5b3ce76eb53b75a859e1280c", Convert.ToHexStringLower(hash));
        ProtocolHash.ToggleQueue(hash, two);
        Assert.Equal("340ff55eba8f4dafe489c000970cb6c9", Convert.ToHexStringLower(hash));
        ProtocolHash.ToggleQueue(hash, one);
        Assert.Equal("205b7eb3e1b3aac151b2b5a8ceed9ec5", Convert.ToHexStringLower(hash));
        ProtocolHash.ToggleQueue(hash, two);
        Assert.Equal(new byte[16], hash);
    }
}
