using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Certificates;

public sealed class CertificateChainTests
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-062", "S-063", "S-459", "S-475")]
    public async Task The_identity_is_the_second_certificate_or_the_only_one()
    {
        for (int length = 1; length <= CertificateChain.MaxLength; length++)
        {
            using TlsCredential credential = await TestChain.CreateAsync(length, KeyAlgorithm.Ed25519, days: 30, Cancellation);
            var chain = new CertificateChain(credential.Chain);
            Assert.Equal(SHA256.HashData(credential.Chain[length == 1 ? 0 : 1]), chain.IdentityFingerprint());
            Assert.Equal(credential.Key.ExportPublicKey(), chain.TryReadLeafKey()!.Spki.ToArray());
            Assert.Equal(ChainVerdict.Valid, chain.ValidateClient(Now));
        }

        Assert.Throws<InvalidOperationException>(() => new CertificateChain([]).IdentityFingerprint());
    }

    [Fact]
    [Spec("S-067")]
    public async Task A_leaf_that_the_identity_did_not_sign_is_refused_even_if_the_anchor_did()
    {
        // The stolen identity certificate stands in its place, and the attacker's anchor signed the attacker's leaf.
        using TlsCredential honest = await TestChain.CreateAsync(3, KeyAlgorithm.Ed25519, days: 30, Cancellation);
        using TlsCredential attacker = await TestChain.CreateAsync(2, KeyAlgorithm.Ed25519, days: 30, Cancellation);
        byte[] identity = SHA256.HashData(honest.Chain[1]);
        var forged = new CertificateChain([attacker.Chain[0], honest.Chain[1], attacker.Chain[1]]);
        Assert.Equal(ChainVerdict.UnknownAuthority, forged.ValidateRouter(identity, Now));
        var longer = new CertificateChain([attacker.Chain[0], honest.Chain[1], honest.Chain[2], attacker.Chain[1]]);
        Assert.Equal(ChainVerdict.UnknownAuthority, longer.ValidateRouter(identity, Now));
        Assert.Equal(ChainVerdict.Valid, new CertificateChain(honest.Chain).ValidateRouter(identity, Now));
    }

    [Fact]
    [Spec("S-062")]
    public async Task The_third_of_four_certificates_is_ignored_when_the_anchor_issued_the_identity()
    {
        using TlsCredential chain = await TestChain.CreateAsync(3, KeyAlgorithm.Ed25519, days: 30, Cancellation);
        using TlsCredential other = await TestChain.CreateAsync(1, KeyAlgorithm.Ed25519, days: 30, Cancellation);
        var four = new CertificateChain([chain.Chain[0], chain.Chain[1], other.Chain[0], chain.Chain[2]]);
        Assert.Equal(ChainVerdict.Valid, four.ValidateRouter(SHA256.HashData(chain.Chain[1]), Now));
    }

    [Fact]
    [Spec("S-058")]
    public async Task Time_and_signatures_are_checked()
    {
        using TlsCredential credential = await TestChain.CreateAsync(3, KeyAlgorithm.Ed25519, days: 30, Cancellation);
        var chain = new CertificateChain(credential.Chain);
        Assert.Equal(ChainVerdict.Expired, chain.ValidateClient(Now.AddDays(31)));
        Assert.Equal(ChainVerdict.Expired, chain.ValidateClient(Now.AddDays(-1)));

        byte[] broken = [.. credential.Chain[0]];
        broken[^1] ^= 1;
        Assert.Equal(ChainVerdict.UnknownAuthority, new CertificateChain([broken, .. credential.Chain.Skip(1)]).ValidateClient(Now));
        Assert.Equal(ChainVerdict.UnknownAuthority, new CertificateChain([credential.Chain[0], credential.Chain[2]]).ValidateClient(Now));

        // A leaf is not an authority.
        Assert.NotEqual(ChainVerdict.Valid, new CertificateChain([credential.Chain[0], credential.Chain[0], credential.Chain[1]]).ValidateClient(Now));
    }

    [Fact]
    public void Bytes_that_are_no_certificates_are_unusable()
    {
        var random = new Random(7);
        using var credentials = new TestCredentials();
        IReadOnlyList<byte[]> good = credentials.Router.Credential.Chain;
        for (int i = 0; i < 500; i++)
        {
            byte[] noise = new byte[random.Next(0, 400)];
            random.NextBytes(noise);
            Assert.Equal(ChainVerdict.Unusable, new CertificateChain([noise, good[1]]).ValidateClient(Now));

            byte[] bent = [.. good[0]];
            bent[random.Next(bent.Length)] ^= (byte)random.Next(1, 256);
            Assert.NotEqual(ChainVerdict.Valid, new CertificateChain([bent, good[1]]).ValidateClient(Now));
            _ = new CertificateChain([bent]).TryReadLeafKey();
        }

        Assert.Equal(ChainVerdict.WrongLength, new CertificateChain([]).ValidateClient(Now));
        Assert.Null(Certificate.TryRead([.. good[0], 0]));
    }
}
