using System.Text;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;

await using SmpClient client = await SmpClient.ConnectAsync(RouterAddress.Parse(args[0]));
using RecipientQueue inbox = await client.CreateQueueAsync();
using var outbox = new SenderQueue(inbox.SenderId, PrivateKey.Generate(KeyAlgorithm.X25519));
await client.SecureAsync(outbox);
await client.SendAsync(outbox, "Hello, SimpleX!"u8.ToArray());
await foreach (SmpEvent next in client.Events)
{
    if (next is MessageReceived received)
    {
        Console.WriteLine(Encoding.UTF8.GetString(received.Message.Body.Span));
        await client.AcknowledgeAsync(received);
        await client.DeleteAsync(inbox);
        break;
    }
}
