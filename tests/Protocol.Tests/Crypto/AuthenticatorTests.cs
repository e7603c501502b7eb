using System.Text.Json;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Crypto;

public class AuthenticatorTests
{
    [Fact]
    [Spec("S-133", "S-134")]
    public void Recorded_authenticators_are_made_by_the_client_and_verified_by_the_router()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("authenticator"))
        {
            using PrivateKey client = Pkcs8.TryDecode(vector.Hex("clientPrivateDer"))!;
            using PrivateKey router = Pkcs8.TryDecode(vector.Hex("serverPrivateDer"))!;
            byte[] message = vector.Hex("message");
            byte[] nonce = vector.Hex("nonce");
            Assert.True(BoxKey.TryAgree(client, router.Public, out BoxKey clientKey));
            Assert.True(BoxKey.TryAgree(router, client.Public, out BoxKey routerKey));

            byte[] made = new byte[Authenticator.Length];
            Authenticator.Make(clientKey, nonce, message, made);
            Assert.Equal(vector.Hex("authenticator"), made);
            Assert.True(Authenticator.Verify(routerKey, nonce, message, made));
            Assert.False(Authenticator.Verify(routerKey, nonce, [.. message, 1], made));
            Assert.False(Authenticator.Verify(routerKey, nonce, message, made.AsSpan(1)));
        }
    }
}
